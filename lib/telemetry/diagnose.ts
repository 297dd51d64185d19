import type { TelemetryCheck, TelemetrySource } from "./contract";

export interface TelemetryFacts {
  nowMs: number;
  /** The process runs and answers. */
  isReady: boolean;
  /** Where the running process was told to send; null = it was started before that was written down. */
  target: { to: "waymark" | "collector" | "variable" | "off"; endpoint: string | null; because?: string | undefined } | null;
  /** What has come of it; null = nothing ever. */
  arrival: TelemetrySource | null;
  /** Requests at its address in the last quarter of an hour, and when the last minute with one began. */
  traffic: { requests: number; lastMinuteAt: string | null };
  /** What a try to reach the receiver gave; null = not tried. */
  receiver: { ok: boolean; detail: string } | null;
}

type Verdict = Pick<TelemetryCheck, "state" | "summary" | "nextAction">;

const FRESH_MS = 5 * 60_000;
/** A request's span is sent within seconds; its minute is known when the minute begins. */
const SETTLED_MS = 90_000;

const ms = (at: string | null | undefined) => (at ? Date.parse(at) : null);
const latest = (source: TelemetrySource | null) => Math.max(ms(source?.lastSpanAt) ?? 0, ms(source?.lastMetricAt) ?? 0, ms(source?.lastLogAt) ?? 0);

const clock = (at: number) => `${new Date(at).toISOString().slice(11, 19)} UTC`;

function elsewhere(target: NonNullable<TelemetryFacts["target"]>, arrival: TelemetrySource | null): Verdict | null {
  if (target.to === "off") {
    const summary = `No telemetry is sent. ${target.because ?? ""}`.trim();
    return { state: "off", summary, nextAction: "Remove the cause, then restart the environment." };
  }
  if (target.to === "variable") {
    return {
      state: "elsewhere",
      summary: `No telemetry has come here${latest(arrival) > 0 ? ` since ${clock(latest(arrival))}` : ""}: the variable OTEL_EXPORTER_OTLP_ENDPOINT of this environment sends it to ${target.endpoint}.`,
      nextAction: "Remove OTEL_EXPORTER_OTLP_ENDPOINT under Variables and restart the environment. Without it, telemetry comes to Waymark.",
    };
  }
  if (target.to === "collector") {
    return { state: "elsewhere", summary: `Telemetry goes to the collector at ${target.endpoint}, as this installation is set up. Look for it there.`, nextAction: null };
  }
  return null;
}

/** The verdict on a process that reports here, by what has come and what should have. */
function verdictHere({ nowMs, arrival, traffic, receiver }: TelemetryFacts): Verdict {
  const [span, any, asked] = [ms(arrival?.lastSpanAt), latest(arrival), ms(traffic.lastMinuteAt)];
  const spansMissing = asked !== null && nowMs - asked > SETTLED_MS && (span === null || span < asked);
  if (any > 0 && nowMs - any <= FRESH_MS && !spansMissing) {
    return span === null
      ? {
          state: "arrives",
          summary: "Telemetry arrives. There is no trace yet, because nobody has sent a request.",
          nextAction: "Open the address once: its trace is here a few seconds later.",
        }
      : { state: "arrives", summary: "Telemetry arrives.", nextAction: null };
  }
  const since = any > 0 ? `No telemetry since ${clock(any)}` : "No telemetry has arrived yet";
  if (receiver && !receiver.ok) return { state: "silent", summary: `${since}: the receiver did not take a test. ${receiver.detail}`, nextAction: "Tell the platform team." };
  if (arrival?.refused && ms(arrival.refused.at) !== null && nowMs - (ms(arrival.refused.at) ?? 0) <= FRESH_MS) {
    return { state: "silent", summary: `${since}: what came was refused. ${arrival.refused.because}`, nextAction: "Correct what the message names." };
  }
  if (spansMissing) {
    const requests = `${traffic.requests} ${traffic.requests === 1 ? "request" : "requests"}`;
    return {
      state: "silent",
      summary: `${since}, although ${requests} came to the address in the last 15 minutes.`,
      nextAction: "Look in the log for a line that begins with “Telemetry cannot be sent”, then restart the environment.",
    };
  }
  return { state: "quiet", summary: `${since}.`, nextAction: "A process that was just started sends within half a minute. If nothing comes, restart the environment." };
}

function verdict(facts: TelemetryFacts): Verdict {
  if (!facts.isReady) return { state: "off", summary: "The environment does not run, so nothing is sent.", nextAction: null };
  if (!facts.target) {
    return {
      state: "off",
      summary: "Its process was started before Waymark received telemetry.",
      nextAction: "Restart the environment: from then on it sends traces, figures and its log.",
    };
  }
  return elsewhere(facts.target, facts.arrival) ?? verdictHere(facts);
}

function parts({ target, arrival, traffic, receiver, isReady }: TelemetryFacts): TelemetryCheck["parts"] {
  const came = (name: string, at: string | null | undefined) => ({
    name,
    state: at ? ("ok" as const) : ("unknown" as const),
    detail: at ? `last at ${at.slice(11, 19)} UTC` : "none yet",
  });
  return [
    {
      name: "Preload",
      state: !isReady ? "unknown" : target && target.to !== "off" ? "ok" : "bad",
      detail: !isReady
        ? "the process does not run"
        : !target
          ? "not in this process"
          : target.to === "off"
            ? (target.because ?? "switched off")
            : "loaded before the service's own code",
    },
    { name: "Endpoint", state: target?.to === "waymark" ? "ok" : target?.to === "collector" ? "unknown" : "bad", detail: target?.endpoint ?? "none" },
    { name: "Receiver", state: receiver === null ? "unknown" : receiver.ok ? "ok" : "bad", detail: receiver?.detail ?? "not tried now" },
    { name: "Requests at the address", state: traffic.requests > 0 ? "ok" : "unknown", detail: `${traffic.requests} in the last 15 minutes` },
    came("Spans", arrival?.lastSpanAt),
    came("Metrics", arrival?.lastMetricAt),
    came("Log records", arrival?.lastLogAt),
    ...(arrival?.refused ? [{ name: "Refused", state: "bad" as const, detail: arrival.refused.because }] : []),
  ];
}

/** Whether telemetry arrives and, if not, the likely cause and what to do about it. */
export function diagnose(facts: TelemetryFacts): TelemetryCheck {
  return { ...verdict(facts), endpoint: facts.target?.endpoint ?? null, parts: parts(facts) };
}
