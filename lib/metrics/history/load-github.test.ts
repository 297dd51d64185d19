import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { workers } from "@/db/schema";
import { env } from "@/lib/core/env";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, type SignedIn, signedIn } from "@/tests/setup/people";
import { servedRepository } from "@/tests/setup/served-repository";
import { stubGithub } from "@/tests/setup/stub-github";
import { loadHistory } from "../mutations";
import { processDelivery } from "../webhooks/process";
import { loadHistoryRun } from "./run-load";

useOwnDatabase();
const folder = mkdtempSync(path.join(tmpdir(), "wm-history-github-"));
const kinds = new Map([[loadHistoryRun.kind, loadHistoryRun as unknown as RunKind]]);
const START = Date.UTC(2025, 0, 6, 8);
const HOUR = 3_600_000;
const at = (hour: number) => new Date(START + hour * HOUR).toISOString();
const DEPLOYMENTS = 130;
const asked: string[] = [];
let left = 5_000;
let resetAt = 0;
let pat: SignedIn;
let served: Awaited<ReturnType<typeof servedRepository>>;
const commits: string[] = [];

const headers = () => {
  if (resetAt && Date.now() >= resetAt) [left, resetAt] = [5_000, 0];
  return { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": String(left), "x-ratelimit-reset": String((resetAt || Date.now() + HOUR) / 1000) };
};
const answer = (what: string, data: unknown) => {
  asked.push(what);
  return { data, status: 200, headers: headers() };
};

/** One deployment a commit, the newest first, as GitHub lists them. */
const listed = () =>
  Array.from({ length: DEPLOYMENTS }, (_, index) => DEPLOYMENTS - 1 - index).map((nr) => ({
    id: 9_000 + nr,
    sha: commits[nr] ?? "",
    environment: "live",
    created_at: at(nr + 0.5),
    updated_at: at(nr + 0.6),
    production_environment: true,
  }));
const PULL = { number: 7, title: "Round down", state: "closed", user: { login: "bo" }, created_at: at(1), updated_at: at(4), merged_at: at(4), closed_at: at(4) };
const rest = {
  rateLimit: { get: async () => ({ data: {}, status: 200, headers: headers() }) },
  repos: {
    listDeployments: async ({ page }: { page: number }) => answer(`deployments ${page}`, listed().slice((page - 1) * 100, page * 100)),
    listDeploymentStatuses: async ({ deployment_id: id }: { deployment_id: number }) => {
      if (asked.length === 60) [left, resetAt] = [900, Math.ceil(Date.now() / 1000 + 1) * 1000];
      const nr = id - 9_000;
      const states = nr === 2 ? ["in_progress", "failure"] : ["in_progress", "success", "inactive"];
      return answer(`statuses ${id}`, states.map((state, index) => ({ state, created_at: at(nr + 0.6 + index / 100) })).reverse());
    },
  },
  pulls: {
    list: async ({ page }: { page: number }) => answer(`pulls ${page}`, page === 1 ? [{ ...PULL, merge_commit_sha: commits[4] }] : []),
    listCommits: async () => answer("commits of 7", [{ commit: { author: { date: at(1.5) } } }, { commit: { author: { date: at(2) } } }]),
  },
};

beforeAll(async () => {
  env().dataDir = folder;
  served = await servedRepository();
  const tree = served.git(["hash-object", "-t", "tree", "-w", "/dev/null"]);
  for (let nr = 0; nr < DEPLOYMENTS; nr++)
    commits.push(
      served.git(["commit-tree", tree, "-m", nr === 4 ? "Round down (#7)" : `Change ${nr}`, ...(nr ? ["-p", commits[nr - 1] ?? ""] : [])], { at: new Date(START + nr * HOUR) }),
    );
  served.show(commits.at(-1) ?? "");
  stubGithub(`http://${served.host}`, "fellside", rest);
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
afterAll(() => {
  served.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function load() {
  const { run } = await loadHistory(pat, { service: "component:default/shop", source: "github", repository: "fellside/shop", deployments: "github" });
  for (let turn = 0; turn < 20; turn++) {
    await executeRun(run.id, "wrk_test", kinds, new Map());
    const now = await readRun(db(), run.id);
    if (now.finishedAt) return now;
    await wait(500);
  }
  throw new Error("the run does not end");
}
const deployments = () => db().execute<{ external_id: string; status: string; commit: string }>(sql`select * from delivery_deployments order by finished_at`);

test("deployments, commits and pull requests of GitHub are loaded within the budget; waiting repeats no page, and a repeat changes nothing", async () => {
  const run = await load();
  expect(run.outcome?.summary, JSON.stringify(run.outcome)).toContain(`${DEPLOYMENTS} new deployments of ${DEPLOYMENTS}, ${DEPLOYMENTS} new commits`);
  // The budget was used up within the first page: it is read again, and those before it are not.
  expect(asked.filter((what) => what === "deployments 1").length).toBeLessThanOrEqual(2);
  expect(asked.filter((what) => what === "deployments 2")).toHaveLength(1);
  const rows = await deployments();
  expect(rows[2]).toMatchObject({ external_id: "github-9002", status: "failure", commit: commits[2], tier: "production", source: "github" });
  const leads = await db().execute<{ sha: string; lead: number }>(sql`select sha, lead_seconds as lead from delivery_changes where counted`);
  const lead = new Map(leads.map((one) => [one.sha, one.lead]));
  // The failed one's commit came with the next; the squashed one began with its pull request's first commit.
  expect(lead.get(commits[2] ?? "")).toBe(Math.round(1.61 * 3600));
  expect(lead.get(commits[10] ?? "")).toBe(Math.round(0.61 * 3600));
  expect(lead.get(commits[4] ?? "")).toBe(Math.round(3.11 * 3600));
  const before = [await deployments(), await db().execute(sql`select * from delivery_changes order by sha`)];
  expect((await load()).outcome?.summary).toContain("0 new deployments");
  expect([await deployments(), await db().execute(sql`select * from delivery_changes order by sha`)]).toEqual(before);
});

test("a webhook of what was loaded counts nothing twice", async () => {
  const before = await deployments();
  const [one] = listed();
  const body = JSON.stringify({ deployment: one, deployment_status: { state: "success", created_at: at(DEPLOYMENTS - 1 + 0.61) }, repository: { full_name: "fellside/shop" } });
  await db().execute(
    sql`insert into webhook_deliveries (id, type, delivery_key, event, source_id, body, received_at, status, repeats) values ('whd_x', 'github', 'x', 'deployment_status', null, ${body}, now(), 'received', 0)`,
  );
  await processDelivery("whd_x");
  expect(await deployments()).toEqual(before);
});
