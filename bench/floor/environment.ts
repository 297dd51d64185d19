import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { giveTo } from "@/lib/environments/drivers/local/account";
import { bubblewrapArgs, bubblewrapCommand, bubblewrapEnvironment, INSIDE, type SandboxRules } from "@/lib/environments/drivers/local/bubblewrap";
import { createGroups, joinGroups, killGroups, removeGroup } from "@/lib/environments/drivers/local/cgroup";
import { DependencyCache } from "@/lib/environments/drivers/local/dependencies";
import { openHome } from "@/lib/environments/drivers/local/home";
import { detectMachine, SYSTEM_PATH } from "@/lib/environments/drivers/local/machine";
import type { LocalSettings } from "@/lib/environments/drivers/local/settings";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";

// The least that has to happen for a sandbox with a database: create role and database, start the same service in the same isolation,
// ask until it answers from its database. No queue, no steps, no records; the sources and dependencies are there already.

const POLL_MS = 5;
const DEADLINE_MS = 60_000;
const LIMITS = { memoryMiB: 256, cpus: 1, processes: 256 };

export interface Floor {
  /** Milliseconds from nothing to the first page made from its own database; cleans up afterwards. */
  once(): Promise<number>;
  close(): Promise<void>;
}

function ask(socketPath: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/", agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.once("error", () => resolve(0));
    asked.end();
  });
}

async function untilAnswered(socketPath: string): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; performance.now() < end; await delay(POLL_MS)) if ((await ask(socketPath)) === 200) return;
  throw new Error("the service of the floor did not answer");
}

/** Prepares what is not counted: the rendered service, its dependencies, a connection to the server. Throws without bubblewrap. */
export async function openFloor(server: Pick<LocalSettings, "adminUrl" | "socketDir">): Promise<Floor> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "wm-floor-"));
  const settings: LocalSettings = {
    ...server,
    dataDir,
    appRoot: process.cwd(),
    domain: "localhost",
    proxyPort: 0,
    otlpEndpoint: null,
    receiverUrl: "http://127.0.0.1:1/otlp",
    readyTimeoutMs: 0,
    stopGraceMs: 0,
    routeMs: 0,
    drainMs: 0,
    strongest: "bubblewrap",
  };
  const home = await openHome(dataDir);
  const machine = await detectMachine(home, settings);
  if (machine.bubblewrap !== "user-namespace" || server.socketDir === null || server.adminUrl === null)
    throw new Error("the floor needs bubblewrap and a server with a socket folder");
  const uid = machine.accounts?.first ?? null;
  const app = path.join(home.sandboxes, "app");
  await mkdir(app);
  await shippedPath("node-express", { name: "floor" })(app, memoryRun("env_floor").context, new AbortController().signal);
  if (uid !== null) await giveTo(app, uid);
  const modules = await new DependencyCache(home.dependencies).ensure(app, { signal: new AbortController().signal, log: () => {} });
  const port = new URL(server.adminUrl).port || "5432";
  const sql = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
  await sql`select 1`;
  const rules: SandboxRules = { account: { by: "user-namespace", disableNested: machine.disableNested }, egress: false, hostname: "floor" };
  const entries = (await readdir(app)).map((at) => ({ at, link: null }));
  const view = { system: machine.system, node: home.node, etc: home.etc, app, entries, nodeModules: modules?.folder ?? null, postgresDir: server.socketDir, telemetry: null };

  async function start(name: string, password: string, socketDir: string): Promise<{ child: ChildProcess; groups: string[] }> {
    const args = path.join(home.sandboxes, `${name}.args`);
    const variables = {
      NODE_ENV: "production",
      PATH: INSIDE.path,
      HOME: INSIDE.home,
      PORT: INSIDE.socket,
      NODE_OPTIONS: "--max-old-space-size=192",
      DATABASE_URL: `postgres://${name}:${password}@localhost:${port}/${name}?host=${INSIDE.postgres}`,
    };
    await writeFile(args, bubblewrapEnvironment(variables));
    const handle = await open(args, "r");
    const groups = await createGroups(machine.cgroups, name, LIMITS);
    const command = ["bwrap", "--args", "3", ...bubblewrapArgs({ ...view, socketDir }, rules), "--", ...bubblewrapCommand(["node", "src/server.js"], rules)];
    // Held back until it is in its groups: what it forks before would stay outside of the limits.
    const child = spawn("/bin/sh", ["-c", 'read -r go && exec "$@" </dev/null', "floor", ...command], {
      ...(uid === null ? {} : { uid, gid: uid }),
      cwd: "/",
      env: { NODE_ENV: "production", PATH: SYSTEM_PATH },
      stdio: ["pipe", "ignore", "inherit", handle.fd],
    });
    await once(child, "spawn");
    await handle.close();
    if (child.pid) await joinGroups(groups, child.pid);
    child.stdin?.end("go\n");
    return { child, groups };
  }

  return {
    async once() {
      const name = `floor_${randomBytes(6).toString("hex")}`;
      const password = randomBytes(24).toString("base64url");
      const socketDir = path.join(home.sockets, name);
      const begun = performance.now();
      await sql.unsafe(`CREATE ROLE ${name} LOGIN CONNECTION LIMIT 20 PASSWORD '${password}'; GRANT ${name} TO CURRENT_USER`);
      await sql.unsafe(`CREATE DATABASE ${name} OWNER ${name} TEMPLATE template0`);
      await sql.unsafe(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
      await mkdir(socketDir, { mode: 0o700 });
      if (uid !== null) await chown(socketDir, uid, uid);
      const { child, groups } = await start(name, password, socketDir);
      await untilAnswered(path.join(socketDir, "http.sock"));
      const took = performance.now() - begun;
      await killGroups(groups);
      child.kill("SIGKILL");
      await Promise.all(groups.map(removeGroup));
      await sql.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await sql.unsafe(`DROP ROLE ${name}`);
      await rm(socketDir, { recursive: true });
      return took;
    },
    async close() {
      await sql.end();
      for (const { folder } of machine.cgroups.parents) await removeGroup(folder);
      await rm(home.sockets, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
