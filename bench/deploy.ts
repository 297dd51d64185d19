import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { hostEnv } from "../scripts/launcher/host-env.mjs";
import { openFloor } from "./floor/environment";
import { report } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// A real service from the golden path: a push until development serves it, and deployments to a running environment whose dependencies
// are known, under 50 requests a second, counting every answer that is not a 200. The floor starts the same service by a bare script.

const ROUNDS = 6;
const PER_SECOND = 50;
const DEADLINE_MS = 120_000;

interface Run {
  id: string;
  status: string;
  startedAt: string | null;
  finishedAt: string | null;
  outcome: { summary: string } | null;
}
interface Environment {
  id: string;
  name: string;
  status: string;
  commit: string | null;
  tier: string;
}

const portal = await benchPortal();
const ada = portal.token("ada", "read,env:write,repo:create,catalog:write");
const host: Record<string, string | undefined> = hostEnv(portal.dataDir);
const floor = await openFloor({ adminUrl: host.WAYMARK_SANDBOX_DATABASE_URL ?? null, socketDir: host.WAYMARK_SANDBOX_SOCKET_DIR ?? null });
const work = mkdtempSync(path.join(tmpdir(), "wm-bench-git-"));

async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>, everyMs = 20): Promise<T> {
  for (const end = performance.now() + DEADLINE_MS; performance.now() < end; await wait(everyMs)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`waited in vain for ${what}`);
}

async function ended(id: string): Promise<Run> {
  const run = await until(`run ${id}`, async () => {
    const now = await portal.call<Run>(ada, "GET", `/runs/${id}`);
    return now.finishedAt ? now : null;
  });
  if (run.status !== "succeeded") throw new Error(run.outcome?.summary ?? run.status);
  return run;
}

function ask(name: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port: portal.proxyPort, path: "/api/notes", headers: { host: `${name}.localhost:${portal.proxyPort}` }, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.once("error", () => resolve(0));
    asked.end();
  });
}

/** Constant load; `stop` gives how many were asked and how many failed. */
function load(name: string) {
  const open = new Set<Promise<void>>();
  let [count, failed] = [0, 0];
  const timer = setInterval(() => {
    count++;
    const asked: Promise<void> = ask(name)
      .then((status) => void (status === 200 ? null : failed++))
      .finally(() => open.delete(asked));
    open.add(asked);
  }, 1000 / PER_SECOND);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    return { count, failed };
  };
}

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function commit(n: number): string {
  appendFileSync(path.join(work, "README.md"), `\nRound ${n}.\n`);
  git("commit", "--quiet", "-am", `Round ${n}`);
  return git("rev-parse", "HEAD").trim();
}

const environments = async () => (await portal.call<{ items: Environment[] }>(ada, "GET", "/environments?q=bench-basket")).items;
const serving = async (tier: string, sha: string) => (await environments()).find((one) => one.tier === tier && one.status === "ready" && one.commit === sha);

try {
  const { run, service } = await portal.call<{ run: Run; service: { entityRef: string; repository: { owner: string; name: string } } }>(ada, "POST", "/services", {
    goldenPath: "node-express",
    values: { name: "bench-basket" },
  });
  await ended(run.id);
  const address = new URL(portal.url);
  git("clone", "--quiet", `http://ada:${ada}@${address.host}/git/${service.repository.owner}/${service.repository.name}.git`, ".");
  const first = git("rev-parse", "HEAD").trim();
  await until("development", () => serving("development", first));

  const pushed: number[] = [];
  const heads: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sha = commit(round);
    heads.push(sha);
    const begun = performance.now();
    git("push", "--quiet", "origin", "HEAD");
    await until(`development to serve ${sha}`, () => serving("development", sha));
    pushed.push(performance.now() - begun);
    await until("the push's deployment to end", async () => (await portal.call<{ items: Run[] }>(ada, "GET", "/runs?status=running&limit=1")).items.length === 0);
  }
  report("push-to-development", "ms", pushed);

  const made = await portal.call<{ environment: Environment; run: Run }>(ada, "POST", "/environments", { entityRef: service.entityRef, tier: "staging", ref: heads[0] });
  await ended(made.run.id);
  const [took, bare]: number[][] = [[], []];
  await floor.once();
  const stop = load(made.environment.name);
  await wait(500);
  for (let round = 1; round < ROUNDS; round++) {
    const begun = performance.now();
    const { run: deployed } = await portal.call<{ run: Run }>(ada, "POST", `/environments/${made.environment.id}/deployments`, { ref: heads[round] });
    await ended(deployed.id);
    took?.push(performance.now() - begun);
    bare?.push(await floor.once());
  }
  const { count, failed } = await stop();
  const median = [...(bare ?? [])].sort((a, b) => a - b)[Math.floor((bare?.length ?? 0) / 2)] ?? 0;
  report("deploy", "ms", took ?? [], { floor: median });
  report("deploy-failed-requests", "requests", new Array<number>(count).fill(0), { value: failed });
} finally {
  await floor.close();
  rmSync(work, { recursive: true, force: true });
  await portal.stop();
}
