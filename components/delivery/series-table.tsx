import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import type { Dashboard } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";
import { dayKey, happenedIn, lead, periodWords } from "./words";

/** The same figures as the charts, period by period, the latest first. */
export function SeriesTable({ dashboard, address }: { dashboard: Dashboard; address: DeliveryAddress }) {
  const { leadTime, frequency } = dashboard;
  const { timeZone } = leadTime.window;
  const rows = leadTime.series
    .map((point, index) => {
      const key = dayKey(point.from, timeZone);
      const deployments = frequency.series[index];
      return {
        key,
        selected: key === address.at,
        cells: {
          period: (
            <span className="line">
              <Link className="name" href={addressWith(address, { at: key })} scroll={false}>
                {periodWords(point, leadTime.grain, timeZone)}
              </Link>
              {point.partial ? <span className="badge">In progress</span> : null}
            </span>
          ),
          median:
            point.value === null ? (
              <span className="muted" title={point.insufficient}>
                No data
              </span>
            ) : (
              lead(point.value)
            ),
          p90: point.p90 == null ? null : lead(point.p90),
          changes: point.n,
          deployments: deployments?.value === null ? <span className="muted">Not reported</span> : deployments?.n,
          failed: deployments?.failedAttempts || null,
          happened: (
            <span className="muted whitespace-normal">
              {happenedIn(point, dashboard.annotations, timeZone)
                .map(({ text }) => text)
                .join("; ")}
            </span>
          ),
        },
      };
    })
    .reverse();
  const columns = [
    { key: "period", title: "Period" },
    { key: "median", title: "Lead time, median", align: "end" as const },
    { key: "p90", title: "90th percentile", align: "end" as const, className: "desk-cell" },
    { key: "changes", title: "Changes", align: "end" as const },
    { key: "deployments", title: "Deployments", align: "end" as const },
    { key: "failed", title: "Failed attempts", align: "end" as const, className: "desk-cell" },
    { key: "happened", title: "What happened", className: "desk-cell" },
  ];
  return <Table caption="Lead time and deployments by period" columns={columns} rows={rows} />;
}
