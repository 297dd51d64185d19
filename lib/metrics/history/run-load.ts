import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { reachable, readCommits } from "@/lib/git/history";
import { gitText } from "@/lib/git/run";
import { type EngineRun, type RunKind, type StepContext, StepFailure, type StepPlan } from "@/lib/runs/engine/types";
import { drainDirty } from "../drain";
import { recordCommits, recordDeployments } from "../record";
import { readRules } from "../rules";
import type { LoadHistoryInput } from "./contract";
import { type FoundDeployments, findDeployments } from "./deployments";
import { commitsNotKnown, deployedCommits, deploymentsNotKnown, figuresOf } from "./known";
import { openPlace } from "./place";
import { githubDeployments, githubPullRequests } from "./read-github";

type Input = LoadHistoryInput & Record<string, unknown>;
type Run = EngineRun<Input>;

export const LOAD_HISTORY = "delivery.load-history";
export const LOAD_HISTORY_DEADLINE_MS = 6 * 3_600_000;
const PART = 1_000;
const MAX_COMMITS = 300_000;
const SHOWN = 50;
const isGithub = (input: LoadHistoryInput) => input.deployments === "github";

/** Steps of a load; a look beforehand stops before anything is kept. */
export function historySteps(input: LoadHistoryInput): StepPlan[] {
  const fetch = { name: "fetch", title: "Fetch the repository" };
  const find = { name: "deployments", title: isGithub(input) ? "Read deployments at GitHub" : "Find deployments" };
  if (input.dryRun) return [fetch, find, { name: "compare", title: "Compare with what is known" }];
  const pulls = isGithub(input) ? [{ name: "pull-requests", title: "Read pull requests at GitHub" }] : [];
  return [fetch, find, { name: "commits", title: "Keep commits" }, ...pulls, { name: "keep", title: "Keep deployments" }, { name: "figures", title: "Work out the figures" }];
}

/** Loads a service's past. Everything is kept under the ids it has where it comes from, so that a repeat, also half of one, changes nothing. */
export const loadHistoryRun: RunKind<Input> = {
  kind: LOAD_HISTORY,
  deadlineMs: LOAD_HISTORY_DEADLINE_MS,
  plan: historySteps,
  onEnd: async (tx, { runId, status }) => {
    // A failed run may be retried and then goes on where it was.
    if (status === "succeeded") await tx.execute(sql`delete from delivery_state where starts_with(key, ${`history.${runId}.`})`);
  },
  async execute(run) {
    const place = once(() => openPlace(run.input, run.signal));
    const found = once(async () => findDeployments(await place(), run.input, (await readRules(db())).rules));
    await run.step("fetch", async (step) => {
      await place();
      step.log(`Read ${run.input.address ?? run.input.repository}.`);
    });
    const deployments = await run.step("deployments", async (step) => (isGithub(run.input) ? githubDeployments(run, step) : describe(step, await found())));
    if (run.input.dryRun) {
      const summary = await run.step("compare", async (step) => compare(run, step, await place(), isGithub(run.input) ? null : await found()));
      return { summary, evidence: [{ title: "Load it", url: `/delivery/history?run=${run.runId}` }] };
    }
    const commits = await run.step("commits", async (step) => {
      const heads = isGithub(run.input) ? await deployedCommits(run.input) : (await found()).facts.map((fact) => fact.commit);
      return keepCommits(run, step, await place(), heads);
    });
    if (isGithub(run.input)) await run.step("pull-requests", (step) => githubPullRequests(run, step));
    const kept = await run.step("keep", async (step) => (isGithub(run.input) ? deployments.fresh : keepDeployments(run, step, await found())));
    const figures = await run.step("figures", async (step) => {
      await drainDirty();
      return figuresOf(run.input.service, step);
    });
    const words = `${kept} new deployments of ${deployments.found}, ${commits.fresh} new commits of ${commits.all}. ${figures}`;
    return {
      summary: `Loaded the history of ${run.input.service}: ${words}`,
      evidence: [{ title: "Delivery", url: `/delivery?node=${encodeURIComponent(run.input.service)}&data=live` }],
    };
  },
};

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= work();
    return made;
  };
}

function describe(step: StepContext, { facts, unknown }: FoundDeployments): { found: number; fresh: number } {
  for (const ref of unknown.slice(0, SHOWN)) step.log(`The repository has no commit "${ref}".`, "warn");
  const [first] = facts;
  const last = facts.at(-1);
  if (first && last) step.log(`${facts.length} deployments, from ${first.label} (${day(first.finishedAt)}) to ${last.label} (${day(last.finishedAt)}).`);
  return { found: facts.length, fresh: 0 };
}

const day = (at: Date) => at.toISOString().slice(0, 10);

/** Says what a load would keep, deployment by deployment, as git tells it. Returns it in a sentence. */
async function compare(run: Run, step: StepContext, dir: string, found: FoundDeployments | null): Promise<string> {
  const { service } = run.input;
  if (!found) return `Nothing was kept. A load reads the deployments and pull requests above, and the commits that lead to them.`;
  const heads = await present(
    dir,
    found.facts.map((fact) => fact.commit),
  );
  const all = await history(dir, heads, step.signal);
  const fresh = await commitsNotKnown(run.input.repository ?? "", all);
  const news = await deploymentsNotKnown(found.facts);
  const before: string[] = [];
  for (const [index, fact] of found.facts.entries()) {
    if (fact.tier !== "production" || fact.status !== "success" || !heads.includes(fact.commit)) continue;
    if (index >= found.facts.length - SHOWN) {
      const brings = before.length === 0 ? "the baseline" : `${before.includes(fact.commit) ? 0 : await count(dir, fact.commit, before)} commits`;
      step.log(`${day(fact.finishedAt)}  ${fact.label}  ${fact.commit.slice(0, 7)}  ${brings}${news.has(fact.externalId) ? "" : ", known already"}`);
    }
    before.push(fact.commit);
  }
  return `Would load ${news.size} new deployments of ${found.facts.length} and ${fresh.length} new commits of ${all.length} for ${service}. Nothing was kept.`;
}

const count = async (dir: string, commit: string, before: string[]): Promise<number> =>
  Number(await gitText(["rev-list", "--count", "--no-merges", "--stdin"], { dir, input: [commit, ...before.map((one) => `^${one}`)].join("\n") }));

/** Those of the commits that the repository has, each once. */
async function present(dir: string, commits: string[]): Promise<string[]> {
  const asked = [...new Set(commits)];
  const text = await gitText(["cat-file", "--batch-check=%(objecttype) %(objectname)"], { dir, input: `${asked.join("\n")}\n` });
  const there = new Set(text.split("\n").flatMap((line) => (line.startsWith("commit ") ? [line.slice(7)] : [])));
  return asked.filter((sha) => there.has(sha));
}

async function history(dir: string, heads: string[], signal: AbortSignal): Promise<string[]> {
  const all = await reachable(dir, heads, signal);
  if (all.length <= MAX_COMMITS) return all;
  throw new StepFailure({
    causeCode: "too-large",
    cause: `${all.length} commits lead to these deployments; at most ${MAX_COMMITS} are loaded.`,
    whoCanFix: "you",
    nextAction: "Send the commits of the period that matters to /api/v1/commits instead.",
  });
}

async function keepCommits(run: Run, step: StepContext, dir: string, commits: string[]): Promise<{ all: number; fresh: number }> {
  const { service, repository = "" } = run.input;
  const heads = await present(dir, commits);
  const all = await history(dir, heads, step.signal);
  const fresh = await commitsNotKnown(run.input.repository ?? "", all);
  step.log(`${all.length} commits lead to ${heads.length} deployed ones; ${fresh.length} are new.`);
  for (let at = 0; at < fresh.length; at += PART) {
    step.signal.throwIfAborted();
    const facts = (await readCommits(dir, fresh.slice(at, at + PART), step.signal)).map(({ authorEmail: _email, ...commit }) => ({ ...commit, repository, service }));
    await run.commit((tx) => recordCommits(tx, facts, run.now));
    step.log(`Kept ${Math.min(at + PART, fresh.length)} of ${fresh.length} commits.`);
  }
  return { all: all.length, fresh: fresh.length };
}

async function keepDeployments(run: Run, step: StepContext, { facts }: FoundDeployments): Promise<number> {
  const news = await deploymentsNotKnown(facts);
  for (let at = 0; at < facts.length; at += PART) {
    const part = facts.slice(at, at + PART).map(({ label: _label, ...fact }) => fact);
    await run.commit((tx) => recordDeployments(tx, part, run.now));
  }
  step.log(`Kept ${facts.length} deployments, ${news.size} of them new.`);
  return news.size;
}
