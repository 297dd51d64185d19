import type { RunContext, StepPlan } from "@/lib/runs/engine/types";
import type { EnvironmentSpec, Provisioned } from "../driver";
import { readManifest } from "./application";
import { explained, explainedTemplate, failure } from "./failures";
import { ensureLayers } from "./layers";
import type { Local } from "./local";
import type { Place } from "./place";
import { passwordIn } from "./route";
import { addressStep, CREDENTIAL, databasePassword, handleOf, makeDatabase, readyStep, render, startStep } from "./steps";
import { stopApplication } from "./stop";

export const PROVISION_STEPS: StepPlan[] = [
  { name: "render", title: "Render golden path" },
  { name: "dependencies", title: "Restore dependencies" },
  { name: "database", title: "Create database" },
  { name: "start", title: "Start process" },
  { name: "ready", title: "Wait until ready" },
  { name: "address", title: "Publish address" },
];

export const RESTART_STEPS: StepPlan[] = [{ name: "stop", title: "Stop process" }, ...PROVISION_STEPS.slice(3)];

/** Begins with the database while the sources are rendered, where that is sure to be needed; null where it is not. */
async function makeDatabaseEarly(local: Local, place: Place, spec: EnvironmentSpec, run: RunContext, written: Promise<void>): Promise<string | null> {
  return (await spec.expectsDatabase?.()) ? makeDatabase(local, place, spec, run, written) : null;
}

/** Makes the environment, or finishes what an earlier try began. */
export async function provision(local: Local, run: RunContext, spec: EnvironmentSpec): Promise<Provisioned> {
  const place = local.place(spec.environmentId);
  const written = spec.saveHandle(handleOf(place, true));
  const early = makeDatabaseEarly(local, place, spec, run, written);
  try {
    return await provisionSteps(local, run, spec, { place, written, early });
  } finally {
    // Nothing may be made any more once this returns: a removal may begin right after.
    await Promise.allSettled([written, early]);
  }
}

interface Underway {
  place: Place;
  /** The names of everything that will be made are stored. */
  written: Promise<void>;
  early: Promise<string | null>;
}

async function provisionSteps(local: Local, run: RunContext, spec: EnvironmentSpec, { place, written, early }: Underway): Promise<Provisioned> {
  // Its failure is the database step's, which may never be reached.
  early.catch(() => null);
  const manifest = await run.step("render", async (step) => {
    await written;
    return explainedTemplate(() => render(place, spec, run, step.signal));
  });
  await run.step("dependencies", (step) =>
    explained(async () => {
      const { key } = await ensureLayers(local, place.app, manifest, step);
      return { key };
    }),
  );
  const wantsDatabase = manifest.spec.database !== "none";
  let password: string | null = null;
  await run.step("database", (step) =>
    explained(async () => {
      if (!wantsDatabase) return step.log("The golden path needs no database.");
      password = (await early) ?? (await makeDatabase(local, place, spec, run, written));
      step.log(`Database and role ${place.database}.`);
    }),
  );
  if (wantsDatabase) password ??= await databasePassword(local, place, spec, run);
  const begun = { place, manifest, password };
  await startStep(local, run, spec, begun);
  await readyStep(local, run, spec, begun);
  return addressStep(local, run, spec, manifest);
}

/** Stops and starts the process with the given variables; also after a reboot. */
export async function restart(local: Local, run: RunContext, spec: EnvironmentSpec): Promise<Provisioned> {
  const place = local.place(spec.environmentId, spec.version);
  const manifest = await readManifest(place);
  const known = manifest.spec.database === "none" ? null : await spec.loadSecret(CREDENTIAL);
  if (known === null && manifest.spec.database !== "none") {
    throw failure("credential-lost", {
      cause: "The password of the environment's database is not stored any more.",
      whoCanFix: "you",
      nextAction: "Delete this environment and create a new one.",
    });
  }
  const password = known === null ? null : passwordIn(known);
  if (password !== null) run.mask(password);
  await run.step("stop", async (step) => {
    const pid = await stopApplication(local, place, step.log);
    step.log(pid === null ? "No process was running." : `Process ${pid} ended.`);
  });
  const begun = { place, manifest, password };
  await startStep(local, run, spec, begun);
  await readyStep(local, run, spec, begun);
  return addressStep(local, run, spec, manifest);
}
