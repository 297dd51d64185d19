import { lstat } from "node:fs/promises";
import { log } from "@/lib/core/log";
import type { ObservedStatus } from "../driver";
import { postgresFolder, readManifest } from "./application";
import type { Local } from "./local";
import { rotateLog } from "./log-file";
import type { Place } from "./place";
import { probe } from "./probe";
import { databaseRoute } from "./route";
import { livingRun, type RunRecord } from "./run-record";
import { readEnd } from "./start-failures";
import { telemetryFolder } from "./telemetry";

const TIMEOUT_MS = 2_000;
const RELAY_MS = 3_000;

const clock = () => new Date(performance.timeOrigin + performance.now()).toISOString();
const there = async (file: string) => (await lstat(file).catch(() => null)) !== null;

async function stopped(place: Place): Promise<ObservedStatus> {
  const end = await readEnd(place);
  const when = end.at ? ` at ${end.at.toISOString()}` : "";
  return { state: "stopped", health: { state: "unhealthy", checkedAt: clock(), reason: `The process ${end.how}${when}.` } };
}

/** A relay that died cuts every environment from where it leads; whoever notices first starts it again. */
async function revive(where: string, relay: Promise<unknown>): Promise<void> {
  await relay.catch((error: unknown) => log().warn({ err: error }, `the relay to ${where} could not be started`));
}

async function reviveDatabaseRelay(local: Local): Promise<void> {
  const route = databaseRoute(local.settings);
  if (route) await revive("the database server", postgresFolder(local, route, AbortSignal.timeout(RELAY_MS)));
}

async function reviveTelemetryRelay(local: Local, { telemetry }: RunRecord): Promise<void> {
  if (telemetry?.to === "waymark" || telemetry?.to === "collector") await revive("the receiver of telemetry", telemetryFolder(local, AbortSignal.timeout(RELAY_MS)));
}

/** What is there now: the process by its identity, its health and its readiness by asking it. */
export async function observe(local: Local, environmentId: string, version: number): Promise<ObservedStatus> {
  const place = local.place(environmentId, version);
  const running = await livingRun(place.run);
  if (!running) {
    if (await there(place.folder)) return stopped(place);
    return { state: "missing", health: { state: "unhealthy", checkedAt: clock(), reason: "Nothing of it is on this machine." } };
  }
  await Promise.all([rotateLog(place.log), reviveTelemetryRelay(local, running)]);
  const { health, ready, database } = (await readManifest(place)).spec;
  const [alive, usable] = await Promise.all([probe(place.socket, health, TIMEOUT_MS), probe(place.socket, ready, TIMEOUT_MS)]);
  const checkedAt = clock();
  if (alive.ok && usable.ok) return { state: "running", health: { state: "healthy", checkedAt } };
  if (database !== "none" && !usable.ok) await reviveDatabaseRelay(local);
  if (alive.ok) return { state: "running", health: { state: "degraded", checkedAt, reason: `GET ${ready}: ${usable.saw}.` } };
  // A process without its socket (swept from /tmp, or never made) can only be helped by starting it again.
  const state = (await there(place.socket)) ? "running" : "stopped";
  return { state, health: { state: "unhealthy", checkedAt, reason: `GET ${health}: ${alive.saw}.` } };
}
