import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import type { RunContext, StepContext } from "@/lib/runs/engine/types";
import type { EnvironmentManifest } from "../../manifest";
import type { EnvironmentSpec, Provisioned } from "../driver";
import { giveTo } from "./account";
import { readManifest, sealSocketFolder, startApplication } from "./application";
import { explained } from "./failures";
import type { Local } from "./local";
import type { Place } from "./place";
import { untilReady } from "./ready";
import { databaseRoute, hostDatabaseUrl, passwordIn } from "./route";
import { livingRun } from "./run-record";
import { groupsOf, stopApplication } from "./stop";

// The parts of which making, restarting and deploying consist. Each can be repeated after a crash at any instant.

/** The credential that the team may see; its password is the one of the environment's role. */
export const CREDENTIAL = "DATABASE_URL";

/** What is kept in the table. Every name follows from the id, so saving this once, before anything is made, covers every later effect. */
export function handleOf(place: Place, hasDatabase: boolean): Record<string, unknown> {
  return {
    installation: place.installation,
    folder: place.root,
    version: place.version,
    socketPath: place.socket,
    database: hasDatabase ? place.database : null,
    uid: place.uid,
  };
}

export async function render(place: Place, spec: EnvironmentSpec, run: RunContext, signal: AbortSignal): Promise<EnvironmentManifest> {
  // It was started from what an earlier try rendered.
  if (await livingRun(place.run)) return readManifest(place);
  const { uid } = place;
  for (const folder of [place.root, place.folder]) await mkdir(folder, { recursive: true, mode: uid === null ? 0o700 : 0o711 });
  const draft = `${place.app}.${randomBytes(6).toString("hex")}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    const manifest = await spec.materialize(draft, run, signal);
    if (manifest.spec.database === "none" && place.version === 0) await spec.saveHandle(handleOf(place, false));
    if (uid !== null) await giveTo(draft, uid);
    await writeFile(place.manifest, JSON.stringify(manifest), { mode: 0o600 });
    await rm(place.app, { recursive: true, force: true });
    await rename(draft, place.app);
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The role's password: what was stored before, else a new one that is stored before it is used. */
export async function databasePassword(local: Local, place: Place, spec: EnvironmentSpec, run: RunContext): Promise<string> {
  const known = await spec.loadSecret(CREDENTIAL);
  const password = known === null ? randomBytes(24).toString("base64url") : passwordIn(known);
  run.mask(password);
  const route = databaseRoute(local.settings);
  if (known === null && route) await spec.saveSecret(CREDENTIAL, hostDatabaseUrl(route, place.database, password));
  return password;
}

export interface Begun {
  place: Place;
  manifest: EnvironmentManifest;
  password: string | null;
}

/** A repeat of a step clears away what the last try left: a process that ended may have left children. */
async function ensureStarted(local: Local, spec: EnvironmentSpec, begun: Begun, step: StepContext) {
  if (step.attempt > 1 && !(await livingRun(begun.place.run))) await stopApplication(local, begun.place, step.log);
  return startApplication(
    local,
    { ...begun, name: spec.name, variables: spec.variables, memoryMiB: spec.memoryMiB, extraDatabases: spec.extraDatabases ?? [], telemetry: spec.telemetry ?? null },
    step,
  );
}

export async function startStep(local: Local, run: RunContext, spec: EnvironmentSpec, begun: Begun): Promise<void> {
  await run.step("start", (step) =>
    explained(async () => {
      const { run: process, started } = await ensureStarted(local, spec, begun, step);
      step.log(started ? `Started process ${process.pid} (${local.machine.level}).` : `Process ${process.pid} already runs.`);
      return { pid: process.pid };
    }),
  );
}

export async function readyStep(local: Local, run: RunContext, spec: EnvironmentSpec, begun: Begun): Promise<void> {
  const { place, manifest } = begun;
  await run.step("ready", (step) =>
    explained(async () => {
      // A repeat finds the process that failed before: it gets a new try.
      if (step.attempt > 1) await ensureStarted(local, spec, begun, step);
      const ms = await untilReady(place, manifest.spec, { signal: step.signal, timeoutMs: local.settings.readyTimeoutMs, groups: await groupsOf(local, place), log: step.log });
      await sealSocketFolder(place);
      step.log(`${manifest.spec.ready} answers after ${ms} ms.`);
      return { ms };
    }),
  );
}

export async function addressStep(local: Local, run: RunContext, spec: EnvironmentSpec, manifest: EnvironmentManifest): Promise<Provisioned> {
  const isolation = await local.isolation(manifest.spec.egress);
  return run.step("address", async (step) => {
    const url = `http://${spec.name}.${local.settings.domain}:${local.settings.proxyPort}`;
    step.log(`Answers at ${url}.`);
    return { url, isolation };
  });
}

/** Role and database; both may be there already. Returns the role's password. */
export async function makeDatabase(local: Local, place: Place, spec: EnvironmentSpec, run: RunContext, written: Promise<void>): Promise<string> {
  const [password] = await Promise.all([databasePassword(local, place, spec, run), written]);
  await local.databases.ensure(place.database, password, run.signal);
  return password;
}
