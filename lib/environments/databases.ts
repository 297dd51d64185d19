import { randomBytes } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { environmentDatabases } from "@/db/schema";
import { decrypt, encrypt } from "@/lib/core/secrets";
import { type EngineRun, StepFailure, type StepPlan } from "@/lib/runs/engine/types";
import { addedDatabases, MAIN_DATABASE, passwordOf } from "./added-databases";
import { driverNamed } from "./drivers";
import { readyRow } from "./run-create";
import { restartWithin } from "./run-restart";
import type { EnvironmentRow } from "./subject";
import { readVariables, saveVariable } from "./variables";

// What a run of another domain may do with the databases of an environment. Everything here leaves the process: only for runs.

const MAIN_VARIABLE = "DATABASE_URL";

const place = (environmentId: string, name: string) => `environment_databases|${environmentId}|${name}`;
const thisOne = (environmentId: string, name: string) => and(eq(environmentDatabases.environmentId, environmentId), eq(environmentDatabases.name, name));
const newPassword = () => randomBytes(24).toString("base64url");

/** What a database may be called. `main` is the golden path's own. */
export const isDatabaseName = (name: string): boolean => /^[a-z][a-z0-9_]{1,26}$/.test(name) && name !== MAIN_DATABASE;

/** The variable in which a service finds the address of an added database. */
export const databaseVariable = (name: string) => `${name.toUpperCase()}_DATABASE_URL`;

const restartPlan = (driver: string) => driverNamed(driver).restartSteps;

/** Steps of `addDatabase`, `changePassword` and `restartWithin`. */
export const databasePlans = {
  add: (driver: string): StepPlan[] => [{ name: "database", title: "Create database" }, ...restartPlan(driver)],
  changePassword: (driver: string): StepPlan[] => [{ name: "password", title: "Change password" }, ...restartPlan(driver), { name: "verify", title: "Prove the change" }],
  restart: restartPlan,
};

function refuse(causeCode: string, cause: string, nextAction: string): StepFailure {
  return new StepFailure({ causeCode, cause, whoCanFix: "you", nextAction });
}

/** The row of a database that this run makes; throws StepFailure when the name or its variable is taken. */
async function claimDatabase(tx: Tx, run: EngineRun, row: EnvironmentRow, name: string): Promise<void> {
  const variable = databaseVariable(name);
  const taken = (await readVariables(tx, row.id)).find((one) => one.name === variable && one.source === "team");
  if (taken) throw refuse("name-taken", `${row.name} has a variable ${variable} already, set by its team.`, "Choose another name, or remove the variable first.");
  await tx.insert(environmentDatabases).values({ environmentId: row.id, name, variable, runId: run.runId, createdAt: run.now }).onConflictDoNothing();
  const [found] = await tx.select().from(environmentDatabases).where(thisOne(row.id, name)).for("update");
  if (found?.readyAt && found.runId !== run.runId) throw refuse("name-taken", `${row.name} has a database "${name}" already.`, "Choose another name.");
  await tx.update(environmentDatabases).set({ runId: run.runId }).where(thisOne(row.id, name));
}

/** Adds a database with a role of its own and restarts the environment so that it finds the address. Repeatable. Throws StepFailure. */
export async function addDatabase(run: EngineRun, environmentId: string, name: string): Promise<{ environment: EnvironmentRow; variable: string }> {
  const variable = databaseVariable(name);
  await run.step("database", async (step) => {
    const row = await readyRow(environmentId);
    await run.commit((tx) => claimDatabase(tx, run, row, name));
    const password = newPassword();
    run.mask(password);
    // A repeat gives the role a new password: what is not stored yet has no user.
    const { url } = await driverNamed(row.driver).databases.ensure({ environmentId, name }, password, step.signal);
    await run.commit(async (tx) => {
      await saveVariable(tx, environmentId, { name: variable, value: url, isSecret: true, source: "platform", updatedBy: null, now: run.now });
      await tx.update(environmentDatabases).set({ readyAt: run.now }).where(thisOne(environmentId, name));
    });
    step.log(`Database and role ${new URL(url).pathname.slice(1)}; its address is in ${variable}.`);
  });
  return { environment: await restartWithin(run, environmentId), variable };
}

/** The password to give: one that an interrupted try has stored, else a new one, stored before the server learns it. */
async function nextPassword(tx: Tx, run: EngineRun, environmentId: string, name: string, variable: string): Promise<string> {
  await tx.insert(environmentDatabases).values({ environmentId, name, variable, readyAt: run.now, createdAt: run.now }).onConflictDoNothing();
  const [row] = await tx.select().from(environmentDatabases).where(thisOne(environmentId, name)).for("update");
  if (row?.nextPasswordSealed) return decrypt(row.nextPasswordSealed, place(environmentId, name));
  const password = newPassword();
  await tx
    .update(environmentDatabases)
    .set({ nextPasswordSealed: encrypt(password, place(environmentId, name)) })
    .where(thisOne(environmentId, name));
  return password;
}

export interface ChangedPassword {
  environment: EnvironmentRow;
  variable: string;
  /** How long the restart took; until its end the old process could open no new connection. */
  restartMs: number;
  sessionsEnded: number;
}

/**
 * Gives the role of a database a new password, stores it, restarts the environment with it, and proves that the old one no
 * longer works. `name` null = the golden path's own. Repeatable. Throws StepFailure.
 */
export async function changePassword(run: EngineRun, environmentId: string, name: string | null): Promise<ChangedPassword> {
  const key = name ?? MAIN_DATABASE;
  const variable = name === null ? MAIN_VARIABLE : databaseVariable(name);
  const control = driverNamed((await readyRow(environmentId)).driver).databases;
  let old: string | null = null;
  const { changedAt } = await run.step("password", async (step) => {
    const known = (await readVariables(db(), environmentId)).find((one) => one.name === variable && one.source === "platform");
    if (!known) throw refuse("no-database", `The environment has no ${name === null ? "database" : `database "${name}"`}.`, "Choose an environment with a database.");
    old = passwordOf(known.value);
    const password = await run.commit((tx) => nextPassword(tx, run, environmentId, key, variable));
    for (const secret of [old, password]) run.mask(secret);
    const changed = await control.setPassword({ environmentId, name }, password);
    await run.commit(async (tx) => {
      await saveVariable(tx, environmentId, { name: variable, value: changed.url, isSecret: true, source: "platform", updatedBy: null, now: run.now });
      await tx.update(environmentDatabases).set({ nextPasswordSealed: null, passwordChangedAt: run.now }).where(thisOne(environmentId, key));
    });
    step.log(`The role of ${variable} has a new password.`);
    return { changedAt: changed.changedAt };
  });
  const begun = performance.now();
  const environment = await restartWithin(run, environmentId);
  const restartMs = Math.round(performance.now() - begun);
  const sessionsEnded = await run.step("verify", (step) => proveChange(control, { environmentId, name, variable, old, changedAt }, step.log));
  return { environment, variable, restartMs, sessionsEnded };
}

interface Proof {
  environmentId: string;
  name: string | null;
  variable: string;
  /** Null after a restart of the worker: it is stored nowhere. */
  old: string | null;
  changedAt: string;
}

async function proveChange(control: ReturnType<typeof driverNamed>["databases"], proof: Proof, log: (text: string) => void): Promise<number> {
  const { old, variable, changedAt, ...database } = proof;
  const stored = (await readVariables(db(), proof.environmentId)).find((one) => one.name === variable)?.value;
  const failed = (cause: string) =>
    new StepFailure({ causeCode: "not-proven", cause, whoCanFix: "platform-team", nextAction: "Run the action again; if it fails again, look at the database server's log." });
  if (!stored || !(await control.accepts(database, passwordOf(stored)))) throw failed("The database server refuses the new password.");
  log("The new password signs in.");
  if (old !== null) {
    if (await control.accepts(database, old)) throw failed("The database server still accepts the old password.");
    log("The old password is refused.");
  }
  const ended = await control.endSessions(database, changedAt);
  log(ended === 0 ? "No session from before the change was left." : `${ended} sessions from before the change were ended.`);
  return ended;
}

export { continueWaiting } from "./begin-deployment";
export { restartWithin } from "./run-restart";

/** Names of the databases of an environment: `main` for the golden path's own, if it has one, and the added ones. */
export async function databasesOf(environmentId: string): Promise<string[]> {
  const variables = await readVariables(db(), environmentId);
  const added = await addedDatabases(db(), environmentId, variables);
  const own = variables.some((one) => one.name === MAIN_VARIABLE && one.source === "platform") ? [MAIN_DATABASE] : [];
  return [...own, ...added.map((database) => database.name)];
}
