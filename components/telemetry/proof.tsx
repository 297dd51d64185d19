import { LinkButton } from "@/components/ui/button";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { TelemetryCheck, TelemetrySource } from "@/lib/telemetry/contract";

interface Props {
  check: TelemetryCheck;
  source: TelemetrySource | null;
  /** The same page with the receiver tried. */
  testHref: string;
  now: string;
}

const SIGNALS = [
  ["Last span", "lastSpanAt"],
  ["Last metric", "lastMetricAt"],
  ["Last log record", "lastLogAt"],
] as const;

/** Parts that the list of signals says with its age. */
const TOLD_BESIDE = ["Spans", "Metrics", "Log records"];

/** Whether telemetry arrives, since when not, why and what to do. */
export function TelemetryProof({ check, source, testHref, now }: Props) {
  return (
    <div className="env-top">
      <section className="stack">
        <div className="line spread">
          <h2>Does telemetry arrive?</h2>
          <Status value={check.state} />
        </div>
        <p>{check.summary}</p>
        {check.nextAction ? <p className="muted">{check.nextAction}</p> : null}
        <dl className="facts mt-2">
          {SIGNALS.map(([title, key]) => (
            <div key={key} className="contents">
              <dt>{title}</dt>
              <dd>{source?.[key] ? <Time at={source[key]} now={now} /> : <span className="muted">none yet</span>}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="stack">
        <div className="line spread">
          <h2>Checks</h2>
          <LinkButton href={testHref} size="sm">
            Test the receiver
          </LinkButton>
        </div>
        <ul className="list bare">
          {check.parts
            .filter(({ name }) => !TOLD_BESIDE.includes(name))
            .map((part) => (
              <li key={part.name} className="items-start">
                <span className="w-[176px] flex-none">
                  <Status value={part.state === "ok" ? "ok" : part.state === "bad" ? "error" : "unknown"} glyphOnly /> {part.name}
                </span>
                <span className="muted min-w-0 [overflow-wrap:anywhere]">{part.detail}</span>
              </li>
            ))}
        </ul>
      </section>
    </div>
  );
}
