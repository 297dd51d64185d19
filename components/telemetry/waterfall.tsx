import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { Trace, TraceSpan } from "@/lib/telemetry/contract";
import { milliseconds } from "./figures";

const COLUMNS = [
  { key: "name", title: "Span", className: "wf-name" },
  { key: "service", title: "Service", className: "desk-cell" },
  { key: "bar", title: "When", className: "wf-time" },
  { key: "duration", title: "Duration", align: "end" as const },
];
const MAX_INDENT = 12;

const share = (part: number, whole: number) => (whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : 0);

function TimeBar({ span, durationMs }: { span: TraceSpan; durationMs: number }) {
  const left = share(span.startMs, durationMs);
  const width = Math.max(0.6, Math.min(100 - left, share(span.durationMs, durationMs)));
  const label = `begins after ${milliseconds(span.startMs)}, takes ${milliseconds(span.durationMs)}`;
  return (
    <span className="wf-track" role="img" aria-label={label} title={label}>
      <i className={span.isError ? "is-error" : ""} style={{ left: `${Math.min(99.4, left)}%`, width: `${width}%` }} />
    </span>
  );
}

/** Spans one below the other as they were called, each with its place in time: a table whose rows open. */
export function Waterfall({ trace, selected }: { trace: Trace; selected: string | null }) {
  const several = new Set(trace.services.map((one) => `${one.service} ${one.environment}`)).size > 1;
  const rows = trace.spans.map((span) => ({
    key: span.id,
    selected: span.id === selected,
    cells: {
      name: (
        <span className="line min-w-0" style={{ paddingLeft: `${Math.min(MAX_INDENT, span.depth) * 16}px` }}>
          {span.isError ? <Status value="error" glyphOnly /> : null}
          <Link className="name truncate" href={`/traces/${trace.traceId}?span=${span.id}#span`} scroll={false} title={span.name}>
            {span.name}
          </Link>
        </span>
      ),
      service: span.service,
      bar: <TimeBar span={span} durationMs={trace.durationMs} />,
      duration: milliseconds(span.durationMs),
    },
  }));
  return <Table caption="Spans of the trace" columns={COLUMNS.filter(({ key }) => several || key !== "service")} rows={rows} foot={<span>{trace.spans.length} spans</span>} />;
}
