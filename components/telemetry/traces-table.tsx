import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { TraceItem } from "@/lib/telemetry/contract";
import { type TelemetryView, viewHref } from "./addresses";
import { milliseconds } from "./figures";

const COLUMNS = [
  { key: "name", title: "Trace" },
  { key: "result", title: "Result" },
  { key: "environment", title: "Environment", className: "desk-cell" },
  { key: "spans", title: "Spans", align: "end" as const, className: "desk-cell" },
  { key: "at", title: "When", align: "end" as const },
  { key: "duration", title: "Duration", align: "end" as const },
];

interface Props {
  page: { items: TraceItem[]; nextCursor: string | null; total: number };
  base: string;
  view: TelemetryView;
  /** Leave out the column that would say the same in each row. */
  withEnvironment: boolean;
  now: string;
}

function Nothing({ base, view }: Pick<Props, "base" | "view">) {
  return view.only || view.route ? (
    <Empty title="No trace fits these filters" action={<LinkButton href={viewHref(base, view, { only: undefined, route: undefined })}>Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    <Empty title="No traces in this time">Each request makes one. Open the address, and its trace is here a few seconds later.</Empty>
  );
}

/** Traces that were kept, newest first. */
export function TracesTable({ page, base, view, withEnvironment, now }: Props) {
  const rows = page.items.map((trace) => ({
    key: `${trace.traceId} ${trace.environmentId ?? trace.environment}`,
    cells: {
      name: (
        <Link className="name mono truncate block" href={`/traces/${trace.traceId}`} title={trace.name}>
          {trace.name}
        </Link>
      ),
      result: (
        <span className="line">
          <Status value={trace.isError ? "failed" : "ok"} />
          {trace.statusCode === null ? null : <span className="muted">{trace.statusCode}</span>}
        </span>
      ),
      environment: trace.environment,
      spans: trace.spans,
      at: <Time at={trace.startedAt} now={now} />,
      duration: milliseconds(trace.durationMs),
    },
  }));
  return (
    <Table
      caption="Traces"
      columns={COLUMNS.filter(({ key }) => withEnvironment || key !== "environment")}
      rows={rows}
      empty={<Nothing base={base} view={view} />}
      foot={
        <ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? viewHref(base, view, { cursor: page.nextCursor }) : null}>
          {page.items.length} of {page.total}. A sample is kept for 72 h, with errors and slow ones first.
        </ListFoot>
      }
    />
  );
}
