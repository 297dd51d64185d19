import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { workers } from "@/db/schema";
import { env } from "@/lib/core/env";
import { type Active, executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { servedRepository } from "@/tests/setup/served-repository";
import { loadHistory } from "../mutations";
import { loadHistoryRun } from "./run-load";

// The oracle is git: every lead time of a loaded history is the time of the tag less that of a commit that `git rev-list` finds for it.

useOwnDatabase();
const folder = mkdtempSync(path.join(tmpdir(), "wm-history-"));
const kinds = new Map([[loadHistoryRun.kind, loadHistoryRun as unknown as RunKind]]);
const START = Date.UTC(2025, 0, 6, 8);
const HOUR = 3_600_000;
let pat: SignedIn;
let ada: SignedIn;

beforeAll(async () => {
  env().dataDir = folder;
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function load(input: Parameters<typeof loadHistory>[1], who = pat) {
  const { run } = await loadHistory(who, input);
  await executeRun(run.id, "wrk_test", kinds, new Map());
  return readRun(db(), run.id);
}

type Step = "commit" | "branch" | "merge" | "tag" | "tag-branch" | "again";
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>("commit") },
  { weight: 3, arbitrary: fc.constantFrom<Step>("branch", "merge") },
  { weight: 4, arbitrary: fc.constantFrom<Step>("tag", "tag", "tag-branch", "again") },
);

/** Plays the steps, one an hour; tags are annotated and made half an hour later. Returns them in order. */
function play({ git, show }: Awaited<ReturnType<typeof servedRepository>>, steps: Step[]) {
  const tree = git(["hash-object", "-t", "tree", "-w", "/dev/null"]);
  const at = (hour: number) => ({ at: new Date(START + hour * HOUR) });
  const make = (hour: number, ...parents: string[]) => git(["commit-tree", tree, "-m", `Change ${hour}`, ...parents.flatMap((parent) => ["-p", parent])], at(hour));
  const tags: { name: string; commit: string; at: number }[] = [];
  const tag = (hour: number, commit: string) => {
    const name = `v1.${tags.length}`;
    git(["tag", "-a", "-m", name, name, commit], at(hour + 0.5));
    tags.push({ name, commit, at: START + (hour + 0.5) * HOUR });
  };
  let main = make(0);
  let branch: string | null = null;
  tag(0, main);
  steps.forEach((one, index) => {
    const hour = index + 1;
    if (one === "commit") main = make(hour, main);
    if (one === "branch") branch = make(hour, branch ?? main);
    if (one === "merge" && branch) [main, branch] = [make(hour, main, branch), null];
    if (one === "tag") tag(hour, main);
    if (one === "tag-branch" && branch) tag(hour, branch);
    if (one === "again") tag(hour, tags[Math.floor(tags.length / 2)]?.commit ?? main);
  });
  show(main);
  git(["tag", "nightly", main]);
  return tags;
}

function asGitTells({ git }: Awaited<ReturnType<typeof servedRepository>>, tags: ReturnType<typeof play>): Record<string, number> {
  const leads: Record<string, number> = {};
  tags.slice(1).forEach((one, index) => {
    const before = tags.slice(0, index + 1).map((tag) => tag.commit);
    for (const line of git(["log", "--no-merges", "--format=%H %at", one.commit, "--not", ...before])
      .split("\n")
      .filter(Boolean)) {
      const [sha = "", authored = "0"] = line.split(" ");
      leads[sha] = one.at / 1000 - Number(authored);
    }
  });
  return leads;
}

const leadsOf = async (service: string) => {
  const rows = await db().execute<{ sha: string; lead: number }>(sql`select sha, raw_lead_seconds as lead from delivery_changes where service = ${service} and counted`);
  return Object.fromEntries(rows.map(({ sha, lead }) => [sha, lead]));
};
const everything = async () => [
  await db().execute(sql`select * from delivery_deployments order by service, external_id`),
  await db().execute(sql`select * from delivery_commits order by repository, sha`),
  await db().execute(sql`select * from delivery_changes order by service, sha`),
  await db().execute(sql`select * from delivery_node_sums order by node, grain, start`),
];

let runs = 0;
test("every lead time of a repository with tags is what git tells, whatever its history; a repeat changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
      const served = await servedRepository();
      try {
        env().privateHosts = [served.host];
        const tags = play(served, steps);
        const service = `component:default/shop-${++runs}`;
        const ask = { service, source: "address" as const, address: served.url, repository: `fellside/shop-${runs}` };
        const run = await load(ask);
        expect(run.outcome).toMatchObject({ summary: expect.stringContaining(`${tags.length} new deployments of ${tags.length}`) });
        expect(await leadsOf(service)).toEqual(asGitTells(served, tags));
        const before = await everything();
        expect((await load(ask)).outcome?.summary).toContain(`0 new deployments of ${tags.length}, 0 new commits`);
        expect(await everything()).toEqual(before);
      } finally {
        served.stop();
      }
    }),
    { numRuns: 6 },
  );
});

test("a look beforehand says deployment by deployment what git counts, and keeps nothing; a list may name tags, branches and hashes", async () => {
  const served = await servedRepository();
  env().privateHosts = [served.host];
  const tags = play(served, ["commit", "commit", "tag", "branch", "commit", "merge", "tag"]);
  const ask = { service: "component:default/listed", source: "address" as const, address: served.url };
  const before = await everything();
  const look = await load({ ...ask, dryRun: true });
  expect(look.steps.map((one) => one.name)).toEqual(["fetch", "deployments", "compare"]);
  expect(look.outcome?.summary).toBe("Would load 3 new deployments of 3 and 6 new commits of 6 for component:default/listed. Nothing was kept.");
  expect(await everything()).toEqual(before);
  const lines = await db().execute<{ text: string }>(sql`select text from run_log_lines where run_id = ${look.id} and step = 'compare' order by seq`);
  expect(lines.map(({ text }) => text.split("  ").at(-1))).toEqual(["the baseline", "2 commits", "2 commits"]);

  const [first, second, third] = tags;
  const list = [
    "\ufeffcommit,finished_at,external_id,status,flags",
    `v1.0,2025-02-01T08:00:00Z,one,,`,
    `"${second?.commit.slice(0, 10)}",2025-02-02T08:00:00Z,two,success,"hotfix, urgent"`,
    `main,2025-02-03T08:00:00Z,three,failure,`,
    `${"f".repeat(40)},2025-02-04T08:00:00Z,four,,`,
    `no-such-branch,2025-02-05T08:00:00Z,five,,`,
  ].join("\r\n");
  const run = await load({ ...ask, deployments: "list", list });
  expect(run.outcome?.summary).toContain("4 new deployments of 4");
  const rows = await db().execute(sql`select external_id, commit, status, flags, attribution from delivery_deployments where service = ${ask.service} order by finished_at`);
  expect(rows).toEqual([
    { external_id: "one", commit: first?.commit, status: "success", flags: [], attribution: "complete" },
    { external_id: "two", commit: second?.commit, status: "success", flags: ["hotfix", "urgent"], attribution: "complete" },
    { external_id: "three", commit: third?.commit, status: "failure", flags: [], attribution: null },
    { external_id: "four", commit: "f".repeat(40), status: "success", flags: [], attribution: "commits-unknown" },
  ]);
  served.stop();
});

test("a load that breaks off goes on where it was, and ends as if nothing had happened", async () => {
  const served = await servedRepository();
  env().privateHosts = [served.host];
  const many = Array.from({ length: 2_500 }, (_, nr) => nr);
  const person = (nr: number) => `A <a@example.com> ${START / 1000 + nr * 60} +0000`;
  const stream = many.map((nr) => `commit refs/heads/main\nmark :${nr + 1}\nauthor ${person(nr)}\ncommitter ${person(nr)}\ndata 1\nm${nr ? `\nfrom :${nr}` : ""}\n\n`);
  const tags = many.filter((nr) => nr % 250 === 249).map((nr) => `tag v${nr}\nfrom :${nr + 1}\ntagger ${person(nr + 5)}\ndata 1\nt\n`);
  execFileSync("git", ["--git-dir", served.dir, "fast-import", "--quiet"], { input: [...stream, ...tags].join("") });
  const service = "component:default/long";
  const { run } = await loadHistory(pat, { service, source: "address", address: served.url });
  const active = new Map<string, Active>();
  const first = executeRun(run.id, "wrk_test", kinds, active);
  const kept = async () => Number((await db().execute<{ n: number }>(sql`select count(*)::int as n from delivery_commits where service = ${service}`))[0]?.n);
  for (let turn = 0; turn < 2_000 && (await kept()) === 0; turn++) await wait(2);
  active.get(run.id)?.stop("draining");
  await first;
  expect((await readRun(db(), run.id)).finishedAt).toBeNull();
  await executeRun(run.id, "wrk_test", kinds, new Map());
  const ended = await readRun(db(), run.id);
  expect(ended.outcome?.summary).toContain("The service now has 10 production deployments with 2250 changes.");
  const news = await db().execute<{ text: string }>(sql`select text from run_log_lines where run_id = ${run.id} and text like '%are new.' order by seq`);
  expect(Number(/; (\d+) are new/.exec(news.at(-1)?.text ?? "")?.[1])).toBeLessThanOrEqual(1_500);
  served.stop();
});

test("what cannot be loaded is said at once, or by the run, with what to do", async () => {
  const service = "component:default/never";
  const list = "commit,finished_at\nabc1234,2025-02-01T08:00:00Z\nabc1234,yesterday\n";
  await expect(loadHistory(pat, { service, source: "address", address: "https://git.example/a/b", deployments: "list", list })).rejects.toThrow(
    /Line 3: finished_at: Write a time/,
  );
  for (const [bad, words] of [
    [{ source: "address", address: "file:///etc" }, /https:\/\/host/],
    [{ source: "address", address: "https://u:p@git.example/a/b" }, /without a name or password/],
    [{ source: "address" }, /Name the address/],
    [{ source: "known" }, /no repository here/],
    [{ source: "github" }, /Name the repository at GitHub/],
    [{ source: "address", address: "https://git.example/a/b", deployments: "list", list: '[{"commit": "a"}]' }, /Entry 1: finished_at/],
    [{ source: "address", address: "https://git.example/a/b", deployments: "list", list: "when,what\n1,2" }, /commit and finished_at must be among/],
    [{ source: "address", address: "https://git.example/a/b", deployments: "github" }, /through the connection/],
  ] as const)
    await expect(loadHistory(pat, { service, ...bad } as never)).rejects.toThrow(words);
  env().privateHosts = [];
  expect((await load({ service, source: "address", address: "https://127.0.0.1/a/b" })).outcome).toMatchObject({ causeCode: "address-refused", failingStep: "fetch" });
  const served = await servedRepository();
  env().privateHosts = [served.host];
  play(served, ["commit"]);
  expect((await load({ service, source: "address", address: served.url, tags: ["release-*"] })).outcome).toMatchObject({
    causeCode: "no-deployments",
    cause: "No tag fits release-*. There are 2 tags, the latest: nightly, v1.0.",
  });
  expect((await load({ service, source: "address", address: served.url.replace("shop", "other") })).outcome?.causeCode).toMatch(/not-public|git-failed/);
  served.stop();
});

test("a team loads its own past, not that of others; the connection's GitHub is the platform team's to name", async () => {
  await db().execute(sql`insert into delivery_deployments (id, service, environment, external_id, tier, status, repository, commit, started_at, finished_at, team_id, source, received_at)
    values ('dep_other', 'component:default/other', 'production', 'x', 'production', 'success', 'a/b', ${"a".repeat(40)}, now(), now(), 'tea_else', 'api', now())`);
  const ask = { source: "address" as const, address: "https://git.example/a/b" };
  expect(await outcome(loadHistory(ada, { service: "component:default/other", ...ask }))).toBe("forbidden");
  expect(await outcome(loadHistory(ada, { service: "component:default/mine", source: "github", repository: "fellside/secret" }))).toBe("forbidden");
  expect(await outcome(loadHistory(ada, { service: "component:default/mine", ...ask }))).toBe("done");
  expect(await outcome(loadHistory(ada, { service: "component:default/mine", ...ask }))).toBe("conflict");
});
