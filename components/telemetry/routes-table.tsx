import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import type { TelemetrySummary } from "@/lib/telemetry/contract";
import { type TelemetryView, viewHref } from "./addresses";
import { milliseconds, percent } from "./figures";

const COLUMNS = [
  { key: "route", title: "Route" },
  { key: "requests", title: "Requests", align: "end" as const, sort: "descending" as const },
  { key: "errors", title: "Errors", align: "end" as const },
  { key: "p50", title: "p50", align: "end" as const, className: "desk-cell" },
  { key: "p95", title: "p95", align: "end" as const },
];

/** Routes of the window; each leads to the figures and traces of it alone. */
export function RoutesTable({ routes, base, view }: { routes: TelemetrySummary["routes"]; base: string; view: TelemetryView }) {
  const rows = routes.map(({ route, requests, errorShare, p50Ms, p95Ms }) => ({
    key: route,
    cells: {
      route: (
        <Link className="name mono truncate block" href={viewHref(base, view, { route })} scroll={false} title={route}>
          {route}
        </Link>
      ),
      requests: requests.toLocaleString("en-GB"),
      errors: percent(errorShare),
      p50: milliseconds(p50Ms),
      p95: milliseconds(p95Ms),
    },
  }));
  return <Table caption="Requests by route" columns={COLUMNS} rows={rows} />;
}
