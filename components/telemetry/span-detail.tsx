import { SectionHead } from "@/components/ui/page-head";
import type { TraceSpan } from "@/lib/telemetry/contract";
import { milliseconds } from "./figures";

/** What one span says of itself. */
export function SpanDetail({ span }: { span: TraceSpan }) {
  const facts = Object.entries(span.attributes);
  return (
    <section id="span" tabIndex={-1}>
      <SectionHead title={span.name} aside={`${span.kind}, ${milliseconds(span.durationMs)}`} />
      <dl className="facts wide">
        <dt>Service</dt>
        <dd>
          {span.service} in {span.environment}
        </dd>
        <dt>Begins</dt>
        <dd>{milliseconds(span.startMs)} after the trace</dd>
        {span.isError ? (
          <>
            <dt>Error</dt>
            <dd>{span.message ?? "Marked as failed, without a message."}</dd>
          </>
        ) : null}
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="mono truncate" title={name}>
              {name}
            </dt>
            <dd className="mono">{String(value)}</dd>
          </div>
        ))}
        {span.events.map((event, index) => (
          <div key={`${event.name} ${index}`} className="contents">
            <dt>{event.name}</dt>
            <dd className="mono">
              {milliseconds(event.atMs)}:{" "}
              {String(
                event.attributes["exception.message"] ??
                  Object.entries(event.attributes)
                    .map(([name, value]) => `${name}=${value}`)
                    .join(" "),
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
