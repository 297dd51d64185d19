import { ArrowDownWideNarrow, ChevronLeft, ChevronRight } from "lucide-react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { DEFINITIONS, isMetric, type Metric, type MetricName, type MetricPoint, type MetricRows } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";
import { ChangesTable } from "./changes-table";
import { DeploymentsTable } from "./deployments-table";
import { EnvironmentsTable } from "./environments-table";
import { dayKey, inUnit, periodWords, pointWords } from "./words";

export const ROWS_PER_PAGE = 20;

const TITLES: Record<MetricName, string> = {
  "lead-time": "Changes behind lead time",
  "deployment-frequency": "Deployments behind frequency",
  "change-fail-rate": "Deployments that failed",
  "recovery-time": "Failed deployments",
  "rework-rate": "Deployments that repaired",
  adoption: "Deployments through Waymark",
  "provisioning-time": "Environments asked for",
};

interface Props {
  metric: Metric;
  point: MetricPoint;
  rows: MetricRows;
  address: DeliveryAddress;
}

/** The rows behind the selected point, with the way to its neighbours. */
export function Behind({ metric, point, rows, address }: Props) {
  const { timeZone } = metric.window;
  const at = metric.series.indexOf(point);
  const period = periodWords(point, metric.grain, timeZone);
  const definition = DEFINITIONS[isMetric(metric.metric) ? metric.metric : "lead-time"];
  const isLead = definition.rows === "changes";
  const shown = rows.changes.length + rows.deployments.length + rows.environments.length;
  const first = (address.page - 1) * ROWS_PER_PAGE;
  const title = TITLES[isMetric(metric.metric) ? metric.metric : "lead-time"];
  const foot = (
    <ListFoot shown={shown} total={rows.total} nextHref={!rows.withheld && first + shown < rows.total ? addressWith(address, { page: address.page + 1 }) : null} nextLabel="More">
      Per service and team, never per person
    </ListFoot>
  );
  const empty = (
    <Empty title={rows.withheld ? `${rows.total} changes, of too few people to be shown` : `No ${definition.rows === "none" ? "rows" : definition.rows} in this period`}>
      {rows.withheld ?? point.insufficient ?? "Choose another point of the chart, or a wider group."}
    </Empty>
  );
  const table = { timeZone, caption: `${title}, ${period}`, foot, empty };
  return (
    <section aria-labelledby="behind">
      <div className="section-head">
        <h2 id="behind">
          {title}{" "}
          <span className="muted">
            {period}
            {isLead && point.value !== null ? `, median ${inUnit(metric.unit, point.value)}` : ""}
            {!isLead && point.value !== null ? `, ${pointWords(definition, point)}` : ""}
          </span>
        </h2>
        <span className="line muted">
          <span className="desk">{shown > 0 ? `${first + 1} to ${first + shown} of ${rows.total}` : "None"}</span>
          <Step to={metric.series[at - 1]} timeZone={timeZone} address={address} label="Period before" icon={<ChevronLeft className="i" aria-hidden />} />
          <Step to={metric.series[at + 1]} timeZone={timeZone} address={address} label="Period after" icon={<ChevronRight className="i" aria-hidden />} />
          {isLead ? (
            <LinkButton size="sm" href={addressWith(address, { sort: address.sort === "longest" ? "newest" : "longest" })}>
              <ArrowDownWideNarrow className="i" aria-hidden />
              {address.sort === "longest" ? "Longest first" : "Newest first"}
            </LinkButton>
          ) : null}
        </span>
      </div>
      {isLead ? <ChangesTable changes={rows.changes} {...table} /> : null}
      {definition.rows === "deployments" ? <DeploymentsTable deployments={rows.deployments} {...table} /> : null}
      {definition.rows === "environments" ? <EnvironmentsTable environments={rows.environments} {...table} /> : null}
    </section>
  );
}

function Step({ to, timeZone, address, label, icon }: { to: MetricPoint | undefined; timeZone: string; address: DeliveryAddress; label: string; icon: React.ReactNode }) {
  if (!to) return null;
  return (
    <Link className="btn btn-icon" aria-label={label} title={label} href={addressWith(address, { at: dayKey(to.from, timeZone) })} scroll={false}>
      {icon}
    </Link>
  );
}
