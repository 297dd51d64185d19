import { eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environmentTraffic } from "@/db/schema";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { query } from "@/lib/core/operation";
import type { TelemetryCheck } from "@/lib/telemetry/contract";
import { diagnose, environmentToken, readArrival, type TelemetryFacts } from "@/lib/telemetry/queries";
import { CheckTelemetryInput } from "./contract";
import { driverNamed } from "./drivers";
import { type EnvironmentRow, environmentSubject } from "./subject";

const LOOK_BACK_MINUTES = 15;
const TRY_MS = 3_000;

async function trafficOf(on: Connection, environmentId: string): Promise<TelemetryFacts["traffic"]> {
  const [row] = await on
    .select({
      requests: sql<number>`coalesce(sum(${environmentTraffic.requests}), 0)::int`,
      last: sql<string | null>`to_char(max(${environmentTraffic.minute}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
    })
    .from(environmentTraffic)
    .where(sql`${eq(environmentTraffic.environmentId, environmentId)} and ${environmentTraffic.minute} > now() - ${LOOK_BACK_MINUTES} * interval '1 minute'`);
  return { requests: row?.requests ?? 0, lastMinuteAt: row?.last ?? null };
}

/** Sends an empty request as the environment would. */
async function tryReceiver(environmentId: string): Promise<{ ok: boolean; detail: string }> {
  const address = `${env().receiverUrl}/v1/traces`;
  const began = performance.now();
  try {
    const headers = { "content-type": "application/json", authorization: `Bearer ${environmentToken(environmentId)}` };
    const response = await fetch(address, { method: "POST", headers, body: "{}", signal: AbortSignal.timeout(TRY_MS), redirect: "error" });
    await response.body?.cancel();
    return response.ok
      ? { ok: true, detail: `${address} took a test in ${Math.round(performance.now() - began)} ms` }
      : { ok: false, detail: `${address} answered ${response.status}.` };
  } catch (error) {
    log().warn({ err: error }, "the receiver of telemetry could not be reached");
    return { ok: false, detail: `${address} does not answer.` };
  }
}

async function targetOf(row: EnvironmentRow): Promise<TelemetryFacts["target"]> {
  return driverNamed(row.driver).telemetry({ environmentId: row.id, name: row.name, handle: row.handle });
}

export const checkTelemetry = query({
  name: "environment.read",
  summary: "Whether an environment's telemetry arrives and, if not, the likely cause and what to do. With `test` the receiver is tried.",
  input: CheckTelemetryInput,
  subject: (on, input, ctx) => environmentSubject(on, input.id, ctx),
  run: async (on, { id, test }, ctx, { row }): Promise<TelemetryCheck> => {
    const isReady = row.status === "ready" && !row.isDemo;
    const [target, arrival, traffic, receiver] = await Promise.all([
      isReady ? targetOf(row) : null,
      readArrival(on, id),
      trafficOf(on, id),
      isReady && test ? tryReceiver(id) : null,
    ]);
    return diagnose({ nowMs: ctx.now.getTime(), isReady, target, arrival, traffic, receiver });
  },
});
