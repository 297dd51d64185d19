import { expect, test } from "vitest";
import type { TelemetrySource } from "./contract";
import { diagnose, type TelemetryFacts } from "./diagnose";

const NOW = Date.UTC(2026, 10, 24, 12, 0);
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const sent = (over: Partial<TelemetrySource> = {}): TelemetrySource => ({
  environmentId: "env_1",
  environment: "sandbox",
  service: "shop",
  version: null,
  lastSpanAt: null,
  lastMetricAt: null,
  lastLogAt: null,
  refused: null,
  ...over,
});
const WAYMARK = { to: "waymark", endpoint: "http://127.0.0.1:3000/otlp" } as const;
const facts = (over: Partial<TelemetryFacts> = {}): TelemetryFacts => ({
  nowMs: NOW,
  isReady: true,
  target: WAYMARK,
  arrival: null,
  traffic: { requests: 0, lastMinuteAt: null },
  receiver: null,
  ...over,
});

test.each<[string, Partial<TelemetryFacts>, string, RegExp]>([
  ["does not run", { isReady: false, target: null }, "off", /does not run/],
  ["was started by an earlier version", { target: null }, "off", /before Waymark received/],
  ["has it switched off", { target: { to: "off", endpoint: null, because: "The variable OTEL_SDK_DISABLED is true." } }, "off", /OTEL_SDK_DISABLED/],
  [
    "sends to a wrong port by a variable",
    { target: { to: "variable", endpoint: "http://127.0.0.1:9" }, arrival: sent({ lastSpanAt: ago(900) }) },
    "elsewhere",
    /has come here since 11:45:00 UTC.*OTEL_EXPORTER_OTLP_ENDPOINT .* http:\/\/127\.0\.0\.1:9/,
  ],
  ["sends to the collector", { target: { to: "collector", endpoint: "http://collector:4318" } }, "elsewhere", /collector at http:\/\/collector:4318/],
  ["has just begun", {}, "quiet", /No telemetry has arrived yet/],
  ["has sent figures and nobody asked it", { arrival: sent({ lastMetricAt: ago(12) }) }, "arrives", /no trace yet/],
  ["sends spans", { arrival: sent({ lastSpanAt: ago(12) }), traffic: { requests: 3, lastMinuteAt: ago(40) } }, "arrives", /^Telemetry arrives\.$/],
  ["was idle for an hour but sends figures", { arrival: sent({ lastSpanAt: ago(3600), lastMetricAt: ago(9) }) }, "arrives", /^Telemetry arrives\.$/],
  ["gets requests and sends no span", { arrival: sent({ lastMetricAt: ago(12) }), traffic: { requests: 12, lastMinuteAt: ago(200) } }, "silent", /although 12 requests/],
  ["stopped sending", { arrival: sent({ lastSpanAt: ago(900), lastMetricAt: ago(900) }) }, "quiet", /No telemetry since 11:45:00 UTC/],
  ["cannot reach the receiver", { receiver: { ok: false, detail: "http://127.0.0.1:3000/otlp does not answer." } }, "silent", /did not take a test.*does not answer/],
  ["is refused", { arrival: sent({ refused: { at: ago(5), because: "A span ends in the future. Check the sender's clock." } }) }, "silent", /refused\. A span ends in the future/],
])("an environment that %s", (_what, over, state, summary) => {
  const check = diagnose(facts(over));
  expect(check.state).toBe(state);
  expect(check.summary).toMatch(summary);
  // Whatever is not as it should be says what to do.
  if (state === "silent" || state === "quiet") expect(check.nextAction).toMatch(/\.$/);
});

test("a request of this minute is not missed yet: its span may be on its way", () => {
  const check = diagnose(facts({ arrival: sent({ lastMetricAt: ago(3) }), traffic: { requests: 1, lastMinuteAt: ago(20) } }));
  expect(check.state).toBe("arrives");
});
