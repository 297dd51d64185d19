import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { closeDatabase, db, openDatabase, sqlClient } from "../../db/client";
import { migrateDatabase } from "../../db/migrate";
import { deployments, environments, settings } from "../../db/schema";
import type { UserActor } from "../../lib/core/actor";
import type { Ctx } from "../../lib/core/ctx";
import { freePort } from "../../scripts/launcher/ports.mjs";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";
import { removeCluster, startCluster, stopCluster } from "../../scripts/postgres/cluster.mjs";
import { ensureRoles } from "../../scripts/postgres/roles.mjs";
import { bundleWorkerPrograms, workerProgram } from "../setup/worker-programs";
import { leftovers, livingVersions, remember } from "./oracle";

// Kills the worker at random instants of create, deploy, extend, expire, destroy and cancel. Holds: every accepted run ends, nothing is
// left after 60 s, nothing is made twice. The seed makes a campaign repeatable: `npm run faults -- --n 200 --seed 7`.

const { values } = parseArgs({ options: { n: { type: "string", default: "20" }, seed: { type: "string", default: "1" } } });
const N = Number(values.n);
let state = Number(values.seed) || 1;
const random = () => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
};

const programs = await bundleWorkerPrograms();
const dataDir = mkdtempSync(path.join(tmpdir(), "wm-faults-"));
const cluster = await startCluster(dataDir);
const addresses = await ensureRoles(cluster, { ownerPassword: "owner", sandboxesPassword: "sandboxes" });
Object.assign(process.env, {
  DATABASE_URL: addresses.databaseUrl,
  WAYMARK_SANDBOX_DATABASE_URL: addresses.sandboxDatabaseUrl,
  WAYMARK_SANDBOX_SOCKET_DIR: cluster.socketDir,
  WAYMARK_DATA_DIR: dataDir,
  WAYMARK_SECRET: "faults-0123456789abcdef-0123456789",
  WAYMARK_DEMO: "1",
  WAYMARK_PROXY_PORT: String(await freePort()),
});
const { appUrl } = await migrateDatabase(addresses.databaseUrl, process.env.WAYMARK_SECRET ?? "");
openDatabase(appUrl);
const { seedPlatform } = await import("../../lib/worker/seed");
const { createEnvironment, deleteEnvironment, deployToEnvironment, extendEnvironment } = await import("../../lib/environments/mutations");
const { cancelRun } = await import("../../lib/runs/mutations");
await seedPlatform();
await db().insert(settings).values({ key: "environments.teamQuotaCount", value: 10_000 }).onConflictDoNothing();
await db().insert(settings).values({ key: "environments.teamQuotaMemoryMib", value: 10_000_000 }).onConflictDoNothing();
const superuser = postgres({ host: "127.0.0.1", port: cluster.port, user: "postgres", password: cluster.password, database: "postgres", max: 1, onnotice: () => {} });

async function ctxOfAda(): Promise<Ctx> {
  const [row] = await sqlClient()<{ id: string; team: string; now: Date }[]>`
    select u.id, t.id as team, now() as now from users u join memberships m on m.user_id = u.id join teams t on t.id = m.team_id where u.handle = 'ada'`;
  if (!row) throw new Error("the demo people are missing");
  const teams = [{ id: row.team, ref: "group:default/checkout", name: "checkout", title: "Checkout", membership: "member" as const }];
  const actor: UserActor = {
    type: "user",
    id: row.id,
    handle: "ada",
    name: "Ada",
    email: null,
    role: "engineer",
    teams,
    managedTeamIds: [],
    credential: { type: "session", id: "faults" },
  };
  return { actor, now: row.now, requestId: "req_faults", ipPrefix: null };
}

let worker: ChildProcess | null = null;

async function startOne(): Promise<void> {
  const child = spawn(process.execPath, [...workerProgram(programs.dir, "worker-process"), appUrl, addresses.databaseUrl], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  worker = child;
  child.on("error", (error) => console.error(error));
}

async function killOne(): Promise<void> {
  if (!worker || worker.exitCode !== null) return;
  worker.kill("SIGKILL");
  await once(worker, "exit");
}

async function act(): Promise<void> {
  const ctx = await ctxOfAda();
  const { environment, run } = await createEnvironment(ctx, { goldenPath: "node-express", ttl: "1h" });
  remember(environment.id);
  const kind = Math.floor(random() * 5);
  await wait(random() * 1_200);
  if (kind === 1) await extendEnvironment(await ctxOfAda(), { id: environment.id, ttl: "2h" }).catch(() => null);
  if (kind === 2) await db().update(environments).set({ expiresAt: sql`now()` }).where(eq(environments.id, environment.id));
  if (kind === 3) await deleteEnvironment(await ctxOfAda(), { id: environment.id });
  if (kind === 4) await cancelRun(await ctxOfAda(), { id: run.id }).catch(() => null);
}

/** A permanent environment of a service, and commits to deploy to it. */
async function service(): Promise<{ id: string; commits: string[] }> {
  const { aService } = await import("../setup/deployed-service");
  const ctx = await ctxOfAda();
  const [team] = ctx.actor.type === "user" ? ctx.actor.teams : [];
  if (!team) throw new Error("ada is in no team");
  const made = await aService("checkout", "faults-basket", team.id);
  const commits = ["one", "two", "three", "four"].map((release) => made.push(release));
  made.remove();
  const { environment } = await createEnvironment(ctx, { entityRef: made.entityRef, tier: "development", ref: commits[0] ?? "main" });
  remember(environment.id);
  await settle("the service's environment", async () => (await db().select().from(environments).where(eq(environments.id, environment.id)))[0]?.status === "ready", 60);
  return { id: environment.id, commits };
}

let turn = 0;

/** Deploys the next commit; while another deployment is under way it is refused, which is fine. */
async function deployNext({ id, commits }: { id: string; commits: string[] }): Promise<void> {
  await deployToEnvironment(await ctxOfAda(), { id, ref: commits[++turn % commits.length] ?? "main" }).catch((error: Error) => {
    if (!("code" in error && error.code === "conflict")) throw error;
  });
}

/** After everything has ended: the version that the table names runs, no other does, and it is the newest that succeeded. */
async function checkDeployments(id: string): Promise<void> {
  const [row] = await db().select().from(environments).where(eq(environments.id, id));
  const wanted = `WAYMARK_ENVIRONMENT_VERSION=${row?.handle?.version}`;
  await settle(`only ${wanted} to run`, async () => JSON.stringify(livingVersions(id)) === JSON.stringify([wanted]), 75);
  const deployed = await db().select().from(deployments).where(eq(deployments.environmentId, id)).orderBy(deployments.version);
  const open = deployed.filter((one) => one.status === "running" || one.status === "waiting");
  if (open.length) throw new Error(`deployments that never ended: ${JSON.stringify(open)}`);
  const newest = deployed.findLast((one) => one.status === "succeeded");
  if (newest?.commit !== row?.commit || newest?.version !== row?.handle?.version) throw new Error(`the table says ${row?.commit} and the newest deployment ${newest?.commit}`);
}

async function settle(what: string, isDone: () => Promise<boolean>, seconds: number): Promise<void> {
  for (let turn = 0; turn < seconds * 4; turn++) {
    if (await isDone()) return;
    await wait(250);
  }
  throw new Error(`after ${seconds} s still waiting for ${what}; open: ${JSON.stringify(await openRuns())}`);
}

const openRuns = async () =>
  db().execute(sql`select r.kind, r.status, r.fence, r.worker_id, s.name as step, r.deadline_at from runs r
    left join run_steps s on s.run_id = r.id and s.status = 'running' where r.status in ('queued', 'running')`);

async function campaign(): Promise<void> {
  await startOne();
  const deployed = await service();
  for (let i = 0; i < N; i++) {
    await Promise.all([act(), deployNext(deployed)]);
    await wait(random() * 900);
    await killOne();
    await startOne();
  }
  // What was asked for while workers died waits in the queue: the more kills, the longer it is.
  await settle("every accepted run to end", async () => (await openRuns()).length === 0, 90 + N / 2);
  await checkDeployments(deployed.id);
  const doubled = await sqlClient()`select environment_id, count(*) from runs where kind = 'environment.create' group by 1 having count(*) > 1`;
  if (doubled.length) throw new Error(`made twice: ${JSON.stringify(doubled)}`);
  const causes = await sqlClient()`select outcome->>'causeCode' as cause, count(*)::int as n from runs where status = 'failed' and not is_demo group by 1`;
  if (causes.length) console.error("causes of failed runs:", JSON.stringify(causes));
  const wrong = causes.filter(({ cause }) => cause === "deadline" || cause === "unexpected");
  if (wrong.length) throw new Error(`no run comes near its deadline here, and none may fail in an unforeseen way: ${JSON.stringify(wrong)}`);
  for (const { id } of await db().select({ id: environments.id }).from(environments).where(sql`status not in ('deleted', 'deleting') and not is_demo`))
    await deleteEnvironment(await ctxOfAda(), { id });
  await settle(
    "every environment to be deleted",
    async () => (await db().select({ id: environments.id }).from(environments).where(sql`status <> 'deleted' and not is_demo`)).length === 0,
    90 + N / 2,
  );
  await settle(`nothing to be left`, async () => (await leftovers(superuser, dataDir)).length === 0, 60);
}

let failure: unknown = null;
try {
  await campaign();
} catch (error) {
  failure = error;
}
const left = await leftovers(superuser, dataDir);
const counts = await sqlClient()`select kind, status, count(*)::int as n from runs where not is_demo group by 1, 2 order by 1, 2`;
console.log(JSON.stringify({ name: "faults", n: N, seed: Number(values.seed), passed: failure === null, left, runs: counts }));
if (failure) console.error(failure);
await killOne();
await closeDatabase();
await superuser.end();
await stopCluster(dataDir);
removeSandboxHome(dataDir);
removeCluster(dataDir);
rmSync(dataDir, { recursive: true, force: true });
await programs.remove();
process.exit(failure ? 1 : 0);
