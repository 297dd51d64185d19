import { lstat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { RunContext, StepContext, StepPlan } from "@/lib/runs/engine/types";
import type { DeploySpec, Provisioned } from "../driver";
import { readManifest } from "./application";
import { untilUnused } from "./connections";
import { explained, explainedTemplate } from "./failures";
import { ensureLayers } from "./layers";
import type { Local } from "./local";
import { lastLines } from "./log-file";
import type { Place } from "./place";
import { livingRun } from "./run-record";
import { processExited } from "./start-failures";
import { type Begun, databasePassword, handleOf, makeDatabase, readyStep, render, startStep } from "./steps";
import { groupsOf } from "./stop";
import { discardVersion, forgetOldLogs, removeOthers, retireVersion, servingVersion, versionsInTheWorld } from "./versions";

// The new version starts beside the serving one, with its own process, socket and account and the same database. Only when it is ready
// is the route in the table changed, in one statement; then the old one is left until nobody uses it, and stopped.

export const DEPLOY_STEPS: StepPlan[] = [
  { name: "source", title: "Export commit" },
  { name: "dependencies", title: "Restore dependencies" },
  { name: "database", title: "Prepare database" },
  { name: "start", title: "Start new version" },
  { name: "ready", title: "Wait until healthy" },
  { name: "switch", title: "Switch traffic" },
  { name: "retire", title: "Stop old version" },
];

const FAILURE_LINES = 20;

interface Deploying {
  local: Local;
  run: RunContext;
  spec: DeploySpec;
  place: Place;
}

/** Files of the new version: made, or taken as an earlier try of this run left them. */
async function ensureSource({ place, spec, run }: Deploying, signal: AbortSignal) {
  const isThere = await lstat(place.app).catch(() => null);
  return isThere ? readManifest(place) : explainedTemplate(() => render(place, spec, run, signal));
}

async function prepare(deploying: Deploying): Promise<Begun> {
  const { local, run, spec, place } = deploying;
  const manifest = await run.step("source", (step) => ensureSource(deploying, step.signal));
  // A try that failed has taken its files away.
  await ensureSource(deploying, run.signal);
  await run.step("dependencies", (step) =>
    explained(async () => {
      await ensureLayers(local, place.app, manifest, step);
    }),
  );
  if (manifest.spec.database === "none") {
    await run.step("database", async (step) => step.log("The service needs no database."));
    return { place, manifest, password: null };
  }
  await run.step("database", (step) =>
    explained(async () => {
      await makeDatabase(local, place, spec, run, Promise.resolve());
      step.log(`Database and role ${place.database}, shared with the version that serves.`);
    }),
  );
  return { place, manifest, password: await databasePassword(local, place, spec, run) };
}

async function switchTraffic({ local, run, spec, place }: Deploying, { manifest, password }: Begun): Promise<Provisioned> {
  const isolation = await local.isolation(manifest.spec.egress);
  const url = `http://${spec.name}.${local.settings.domain}:${local.settings.proxyPort}`;
  await run.step("switch", async (step) => {
    if (!(await livingRun(place.run))) throw await processExited(place, await groupsOf(local, place), 0, step.log);
    await spec.switchTo(handleOf(place, password !== null), { url, isolation });
    step.log(`${url} is answered by the new version from now on.`);
  });
  return { url, isolation };
}

/** Leaves the old versions until nobody uses them, then stops them. */
async function retireOthers({ local, spec, place }: Deploying, step: StepContext): Promise<void> {
  const others = (await versionsInTheWorld(local, spec.environmentId)).filter((version) => version !== place.version);
  if (others.length === 0) return;
  // A proxy may have looked up the old route an instant before it changed.
  await delay(local.settings.routeMs, undefined, { signal: step.signal });
  for (const version of others) {
    const old = local.place(spec.environmentId, version);
    const left = await untilUnused(local, old, local.settings.drainMs, step.signal);
    if (left) step.log(`${left} ${left === 1 ? "connection is" : "connections are"} still open after ${local.settings.drainMs / 1000} s and ${left === 1 ? "is" : "are"} ended.`);
    await retireVersion(local, spec.environmentId, version, step.log);
  }
  await forgetOldLogs(local, spec.environmentId, place.version);
  step.log("The old version has ended.");
}

/** False when the run goes on elsewhere: then what was begun is not ours to take away. */
function endsHere(error: unknown, signal: AbortSignal): boolean {
  if (error instanceof Error && error.name === "LostRun") return false;
  const why: unknown = signal.aborted ? signal.reason : null;
  return !(why instanceof Error && ["lost", "draining"].includes(why.message));
}

async function begin(deploying: Deploying): Promise<Provisioned> {
  const { local, run, spec } = deploying;
  const begun = await prepare(deploying);
  await startStep(local, run, spec, begun);
  try {
    await readyStep(local, run, spec, begun);
  } catch (error) {
    if (await livingRun(begun.place.run)) for (const line of await lastLines(begun.place.log, FAILURE_LINES)) run.log(line, "error");
    throw error;
  }
  return switchTraffic(deploying, begun);
}

/** Replaces the serving version without a gap; on failure the old one keeps serving and nothing of the new one is left. */
export async function deploy(local: Local, run: RunContext, spec: DeploySpec): Promise<Provisioned> {
  const place = local.place(spec.environmentId, spec.version);
  const deploying = { local, run, spec, place };
  // What earlier tries of other deployments left is in nobody's way, but holds memory.
  const serving = servingVersion(spec.handle);
  if (serving !== spec.version) await removeOthers(local, spec.environmentId, serving, [spec.version]);
  let made: Provisioned;
  try {
    made = await begin(deploying);
  } catch (error) {
    if (endsHere(error, run.signal) && !(await spec.hasSwitched())) await discardVersion(local, spec.environmentId, spec.version, () => {});
    throw error;
  }
  await run.step("retire", (step) => explained(() => retireOthers(deploying, step)));
  return made;
}
