import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { backgroundClient } from "@/lib/github/budget";
import type { GithubClient } from "@/lib/github/client";
import { GITHUB_PAGE, type GithubAt, type GithubDeployment, githubDeploymentPage, githubFirstAuthored, githubPullPage, githubStatuses } from "@/lib/github/deliveries";
import { isGithubFailure } from "@/lib/github/failure";
import { githubClient } from "@/lib/platform/queries";
import { type EngineRun, type StepContext, StepFailure } from "@/lib/runs/engine/types";
import type { DeploymentFact, PullRequestFact } from "../facts";
import { serviceOfRepository } from "../owner";
import { recordPullRequests } from "../pull-requests";
import { recordDeployments } from "../record";
import { readRules, tierBy } from "../rules";
import type { Rules } from "../rules-shape";
import { toldByGithub } from "../webhooks/github-events";
import type { LoadHistoryInput } from "./contract";
import { deploymentsNotKnown } from "./known";
import { ownerAndName } from "./place";

// GitHub's lists as its webhooks would have told them: same ids, same reading, so that both together count everything once. How far a
// load has come is kept, so that waiting for the next hour of requests, or a crash, costs a page at most.

type Run = EngineRun<LoadHistoryInput & Record<string, unknown>>;

interface Progress {
  page: number;
  found: number;
  fresh: number;
  isDone: boolean;
}

const MAX_PAGES = 100;

/** Reads and keeps deployments with how each ended; of a look beforehand only counts them. Returns how many, and how many were new. */
export async function githubDeployments(run: Run, step: StepContext): Promise<{ found: number; fresh: number }> {
  const { input } = run;
  const at = placeOf(input);
  const told = await serviceOfRepository(db(), input.repository ?? "");
  if (told !== input.service)
    step.log(`Webhooks of ${input.repository} count for ${told}. Link the repository to ${input.service} in the catalog, so that nothing is counted twice.`, "warn");
  const since = input.since ? Date.parse(input.since) : Number.NEGATIVE_INFINITY;
  return paged(run, step, "deployments", async (client, page, rules) => {
    const all = await githubDeploymentPage(client, at, page);
    const wanted = all.filter((one) => Date.parse(one.created_at) >= since);
    const facts: DeploymentFact[] = [];
    if (!input.dryRun) for (const one of wanted) facts.push(...(await githubFact(client, at, one, input.service, rules)));
    const isDone = all.length < GITHUB_PAGE || wanted.length < all.length;
    step.log(`Page ${page}: ${wanted.length} deployments${input.dryRun ? "" : `, ${facts.length} of them ended`}.`);
    return { found: input.dryRun ? wanted.length : facts.length, fresh: (await deploymentsNotKnown(facts)).size, isDone, keep: (tx) => recordDeployments(tx, facts, run.now) };
  });
}

/** A deployment as its last status tells it; none while it has not ended. Throws GithubFailure. */
export async function githubFact(client: GithubClient, at: GithubAt, deployment: GithubDeployment, service: string, rules: Rules): Promise<DeploymentFact[]> {
  const repository = { full_name: `${at.owner}/${at.repo}` };
  const ends = (await githubStatuses(client, at, deployment.id)).flatMap(
    (status) => toldByGithub("deployment_status", { deployment, deployment_status: status, repository }, rules).deployments ?? [],
  );
  const last = ends.at(-1);
  if (!last) return [];
  const { service: _hint, ...fact } = last;
  return [{ ...fact, service, tier: fact.tier ?? tierBy(rules, fact.environment) }];
}

/** Reads and keeps pull requests; of those merged as one commit also when their first was authored. */
export async function githubPullRequests(run: Run, step: StepContext): Promise<{ found: number; fresh: number }> {
  const at = placeOf(run.input);
  const since = run.input.since ? Date.parse(run.input.since) : Number.NEGATIVE_INFINITY;
  return paged(run, step, "pull-requests", async (client, page, rules) => {
    const all = await githubPullPage(client, at, page);
    const wanted = all.filter((one) => Date.parse(one.updated_at) >= since);
    const facts: PullRequestFact[] = [];
    for (const one of wanted) facts.push(...(await githubPullFact(client, at, one, rules)));
    step.log(`Page ${page}: ${facts.length} pull requests.`);
    return { found: facts.length, fresh: 0, isDone: all.length < GITHUB_PAGE || wanted.length < all.length, keep: (tx) => recordPullRequests(tx, facts, run.now) };
  });
}

/** A pull request as its webhook would tell it, with its beginning where GitHub made one commit of it. Throws GithubFailure. */
export async function githubPullFact(client: GithubClient, at: GithubAt, pull: Awaited<ReturnType<typeof githubPullPage>>[number], rules: Rules): Promise<PullRequestFact[]> {
  const told = toldByGithub("pull_request", { pull_request: pull, repository: { full_name: `${at.owner}/${at.repo}` } }, rules).pullRequests ?? [];
  const isSquashed = pull.merged && pull.merge_commit_sha && (await isSquash(`${at.owner}/${at.repo}`, pull.merge_commit_sha, pull.number));
  const firstAuthoredAt = isSquashed ? await githubFirstAuthored(client, at, pull.number) : null;
  return told.map((fact) => (firstAuthoredAt ? { ...fact, firstAuthoredAt } : fact));
}

/** GitHub names the pull request in the subject of the one commit that it makes of it; only a commit that is kept here and lacks its beginning is asked about. */
async function isSquash(repository: string, sha: string, number: number): Promise<boolean> {
  const name = repository.toLowerCase();
  const rows = await db().execute(sql`
    select 1 from delivery_commits c where c.repository = ${name} and c.sha = ${sha.toLowerCase()} and cardinality(c.parents) <= 1 and c.subject like ${`%(#${number})`}
      and not exists (select 1 from delivery_pull_requests p where p.repository = ${name} and p.number = ${number} and p.first_authored_at is not null)`);
  return rows.length > 0;
}

function placeOf({ repository = "" }: LoadHistoryInput): GithubAt {
  const { owner, name } = ownerAndName(repository);
  return { owner, repo: name };
}

interface Page {
  found: number;
  fresh: number;
  isDone: boolean;
  keep(tx: Tx): Promise<void>;
}

async function paged(
  run: Run,
  step: StepContext,
  what: string,
  read: (client: GithubClient, page: number, rules: Rules) => Promise<Page>,
): Promise<{ found: number; fresh: number }> {
  const connected = await githubClient(db());
  if (!connected)
    throw new StepFailure({ causeCode: "github-off", cause: "GitHub is not connected.", whoCanFix: "platform-team", nextAction: "Connect it under Integrations, then retry." });
  const { rules } = await readRules(db());
  const key = `history.${run.runId}.${what}`;
  const [kept] = await db().execute<{ value: string }>(sql`select value from delivery_state where key = ${key}`);
  let progress: Progress = kept ? (JSON.parse(kept.value) as Progress) : { page: 1, found: 0, fresh: 0, isDone: false };
  while (!progress.isDone && progress.page <= MAX_PAGES) {
    step.signal.throwIfAborted();
    const page = await withinBudget(run, step, () => read(backgroundClient(connected), progress.page, rules));
    progress = { page: progress.page + 1, found: progress.found + page.found, fresh: progress.fresh + page.fresh, isDone: page.isDone };
    const next = JSON.stringify(progress);
    await run.commit(async (tx) => {
      await page.keep(tx);
      await tx.execute(sql`insert into delivery_state (key, value) values (${key}, ${next}) on conflict (key) do update set value = excluded.value`);
    });
  }
  return { found: progress.found, fresh: progress.fresh };
}

/** Sets the run aside until GitHub gives requests again; it goes on at the page it was at. */
async function withinBudget<T>(run: Run, step: StepContext, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isGithubFailure(error)) throw error;
      const { retryAt } = error;
      if (error.problem !== "rate-limited" || !retryAt) throw new StepFailure(error.outcome, { cause: error });
      step.log(`${error.message} ${error.outcome.nextAction}`, "warn");
      const ready = async (tx: Tx) => {
        const [row] = await tx.execute<{ over: boolean }>(sql`select now() >= ${retryAt.toISOString()}::timestamptz as over`);
        return row?.over ? true : null;
      };
      await run.waitOutside(ready, { againAfterMs: 60_000 });
    }
  }
}
