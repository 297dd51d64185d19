import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { drainDirty } from "./drain";
import { recordCommits, recordDeployments } from "./record";

// git itself is the oracle: for every deployment what `git rev-list` finds between what was in production and what is deployed now.

useOwnDatabase();

const root = mkdtempSync(path.join(tmpdir(), "wm-attribution-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const START = Date.UTC(2026, 0, 5, 8);
const now = new Date("2026-06-01T00:00:00Z");
let runs = 0;

type Step = { type: "commit" } | { type: "branch" } | { type: "merge" } | { type: "deploy"; back: number };
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ type: "commit" }) },
  { weight: 2, arbitrary: fc.constant<Step>({ type: "branch" }) },
  { weight: 2, arbitrary: fc.constant<Step>({ type: "merge" }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("deploy" as const), back: fc.constantFrom(0, 0, 0, 1, 2) }) },
);

/** Plays the steps in a bare repository by plumbing alone, an hour apart; returns commits, and deployments in order. */
function play(steps: Step[]) {
  const dir = path.join(root, String(++runs));
  const git = (args: string[], hour = 0) => {
    const date = `${START / 1000 + hour * 3_600} +0000`;
    const env = {
      ...process.env,
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "A",
      GIT_COMMITTER_EMAIL: "a@example.com",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    };
    return execFileSync("git", args, { cwd: args[0] === "init" ? root : dir, env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  };
  git(["init", "-q", "--bare", dir]);
  const tree = git(["hash-object", "-t", "tree", "-w", "/dev/null"]);
  const make = (hour: number, ...parents: string[]) => git(["commit-tree", tree, "-m", `at ${hour}`, ...parents.flatMap((parent) => ["-p", parent])], hour);
  let main = make(0);
  let branch: string | null = null;
  const deployed: { sha: string; hour: number }[] = [];
  steps.forEach((one, index) => {
    const hour = index + 1;
    if (one.type === "commit") main = make(hour, main);
    else if (one.type === "branch") branch = make(hour, branch ?? main);
    else if (one.type === "merge" && branch) {
      main = make(hour, main, branch);
      branch = null;
    } else if (one.type === "deploy") deployed.push({ sha: main, hour: hour + 0.5 });
    if (one.type === "deploy" && one.back > 0 && deployed.length > one.back) deployed.push({ sha: deployed[deployed.length - 1 - one.back]?.sha ?? main, hour: hour + 0.75 });
  });
  const log = git(["log", "--all", "--format=%H %at %P", ...new Set([main, ...(branch ? [branch] : []), ...deployed.map((one) => one.sha)])]);
  const commits = log.split("\n").map((line) => {
    const [sha = "", at = "0", ...parents] = line.split(" ");
    return { sha, at: Number(at) * 1000, parents };
  });
  return { git, commits, deployed };
}

/** What git says each deployment brought: not reachable from anything deployed before, no merges; the first brings nothing. */
function oracle({ git, deployed }: ReturnType<typeof play>): Record<string, number> {
  const leads: Record<string, number> = {};
  deployed.forEach(({ sha, hour }, index) => {
    if (index === 0) return;
    const found = git(["rev-list", "--no-merges", "--format=%H %at", "--no-commit-header", sha, "--not", ...deployed.slice(0, index).map((one) => one.sha)]);
    for (const line of found.split("\n").filter(Boolean)) {
      const [commit = "", at = "0"] = line.split(" ");
      leads[commit] = START / 1000 + hour * 3_600 - Number(at);
    }
  });
  return leads;
}

/** By which merge on the main line git says a commit came in: the oldest whose `merge^1..merge` holds it. */
function mergesOf({ git, deployed }: ReturnType<typeof play>): Record<string, string> {
  const merges = [...new Set(deployed.map(({ sha }) => sha))].flatMap((sha) => git(["rev-list", "--first-parent", "--merges", "--reverse", sha]).split("\n")).filter(Boolean);
  const came: Record<string, string> = {};
  for (const merge of new Set(merges))
    for (const sha of git(["rev-list", "--no-merges", `${merge}^1..${merge}`])
      .split("\n")
      .filter(Boolean))
      came[sha] ??= merge;
  return came;
}

test("changes and lead times are those of git rev-list, in whatever order the facts arrive", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), fc.integer(), async (steps, seed) => {
      const history = play(steps);
      const service = `component:default/history-${runs}`;
      const repository = `fellside/history-${runs}`;
      const sendings = [
        ...history.commits.map(
          ({ sha, at, parents }) =>
            () =>
              db().transaction((tx) => recordCommits(tx, [{ sha, parents, repository, authoredAt: new Date(at), committedAt: new Date(at), author: "A", message: "m" }], now)),
        ),
        ...history.deployed.map(({ sha, hour }, index) => () => {
          const at = new Date(START + hour * 3_600_000);
          const fact = {
            externalId: `d${index}`,
            service,
            environment: "production",
            tier: "production" as const,
            status: "success" as const,
            commit: sha,
            repository,
            startedAt: at,
            finishedAt: at,
          };
          return db().transaction((tx) => recordDeployments(tx, [fact], now));
        }),
      ];
      const order = fc.sample(fc.shuffledSubarray(sendings, { minLength: sendings.length }), { numRuns: 1, seed })[0] ?? sendings;
      for (const [index, send] of order.entries()) {
        await send();
        if (index % 5 === 0) await drainDirty();
      }
      await drainDirty();
      const rows = await db().execute<{ sha: string; lead_seconds: number }>(sql`select sha, lead_seconds from delivery_changes where service = ${service} and counted`);
      expect(Object.fromEntries(rows.map((row) => [row.sha, row.lead_seconds]))).toEqual(oracle(history));
      const merged = await db().execute<{ sha: string; merged_by: string }>(sql`select sha, merged_by from delivery_changes where service = ${service} and merged_by is not null`);
      expect(Object.fromEntries(merged.map((row) => [row.sha, row.merged_by]))).toEqual(mergesOf(history));
    }),
    { numRuns: 12 },
  );
});
