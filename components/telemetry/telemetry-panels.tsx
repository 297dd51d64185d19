import { ChoiceLinks } from "@/components/ui/choice-links";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { byteSize } from "@/lib/core/format";
import type { ProcessFigures, TelemetrySummary, TraceItem } from "@/lib/telemetry/contract";
import { RANGES, type TelemetryView, viewHref } from "./addresses";
import { milliseconds, percent } from "./figures";
import { RequestCharts } from "./request-charts";
import { RoutesTable } from "./routes-table";
import { TracesTable } from "./traces-table";

const RANGE_WORDS = { "1h": "1 h", "24h": "24 h", "7d": "7 days" };
const ONLY = [
  [undefined, "All"],
  ["errors", "With errors"],
  ["slow", "Slow, 1 s and more"],
] as const;

interface Props {
  summary: TelemetrySummary;
  traces: { items: TraceItem[]; nextCursor: string | null; total: number };
  /** The page's own address, without what the view puts into it. */
  base: string;
  view: TelemetryView;
  marks?: string[];
  withEnvironment: boolean;
  now: string;
}

function ProcessLine({ process }: { process: ProcessFigures | null }) {
  if (!process) return null;
  return (
    <dl className="facts">
      <dt>CPU</dt>
      <dd>{process.cpu === null ? "—" : `${percent(process.cpu)} of one`}</dd>
      <dt>Memory</dt>
      <dd>{process.memoryBytes === null ? "—" : byteSize(process.memoryBytes)}</dd>
      <dt>Event loop</dt>
      <dd>{process.eventLoopDelayMs === null ? "—" : `99 % of turns within ${milliseconds(process.eventLoopDelayMs)}`}</dd>
    </dl>
  );
}

/** Figures, routes and traces of an environment or a service. */
export function TelemetryPanels({ summary, traces, base, view, marks = [], withEnvironment, now }: Props) {
  const isEmpty = summary.total.requests === 0;
  return (
    <>
      <section>
        <div className="section-head">
          <h2>
            Requests{" "}
            <span className="muted">
              {summary.total.requests.toLocaleString("en-GB")} in {RANGE_WORDS[view.range]}, from the service&apos;s own spans
            </span>
          </h2>
          <ChoiceLinks label="Time" choices={RANGES.map((range) => ({ label: RANGE_WORDS[range], href: viewHref(base, view, { range }), current: range === view.range }))} />
        </div>
        {view.route ? (
          <p className="mb-3 line wrap">
            <span>
              Only <span className="mono">{view.route}</span>
            </span>
            <Link className="link" href={viewHref(base, view, { route: undefined })} scroll={false}>
              All routes
            </Link>
          </p>
        ) : null}
        {isEmpty ? (
          <div className="panel panel-body muted">No request was answered in this time. Probes of the platform are not counted.</div>
        ) : (
          <RequestCharts summary={summary} marks={marks} />
        )}
        {!isEmpty && marks.length > 0 ? <p className="caption mt-2">Dashed lines are deployments.</p> : null}
      </section>
      {isEmpty || view.route ? null : (
        <section>
          <SectionHead title="Routes" aside="Most asked first" />
          <RoutesTable routes={summary.routes} base={base} view={view} />
        </section>
      )}
      <section>
        <div className="section-head">
          <h2>Traces</h2>
          <ChoiceLinks label="Traces" choices={ONLY.map(([only, label]) => ({ label, href: viewHref(base, view, { only }), current: only === view.only }))} />
        </div>
        <TracesTable page={traces} base={base} view={view} withEnvironment={withEnvironment} now={now} />
      </section>
      {summary.process ? (
        <section>
          <SectionHead title="Process" aside="As of the last minutes" />
          <ProcessLine process={summary.process} />
        </section>
      ) : null}
    </>
  );
}
