import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { backgroundClient } from "@/lib/github/budget";
import type { GithubClient } from "@/lib/github/client";
import { isGithubFailure } from "@/lib/github/failure";
import { githubClient } from "@/lib/platform/queries";
import { findRepository } from "@/lib/repositories/queries";
import { commitsBetween, resolveCommit } from "@/lib/repositories/source";
import { commitsNotKnown } from "../history/known";
import { recordCommits } from "../record";
import { readRules } from "../rules";
import type { GithubComparison } from "./contract";
import { eventsAtGithub } from "./github-now";
import { keepDelivery } from "./receive";

// GitHub sends each delivery once and never again by itself. Once a night what it has is compared with what came; what is missing is kept
// as a delivery of its own, in the log with all others, and worked on like them.

const DAY_MS = 86_400_000;
/** Overlaps the nights before: a deployment may end long after it began, and lists are read while things change. */
const OVERLAP_MS = 2 * DAY_MS;
const FIRST_DAYS = 3;
const REPOSITORY_DAYS = 90;
const MAX_COMMITS = 1_000;
const STATE = "github-compared";

/** What the last comparison found; null before the first. */
export async function lastComparison(): Promise<GithubComparison | null> {
  const [row] = await db().execute<{ value: string }>(sql`select value from delivery_state where key = ${STATE}`);
  return row ? (JSON.parse(row.value) as GithubComparison) : null;
}

/** True once a day has passed since the last comparison. */
export async function isComparisonDue(now: Date): Promise<boolean> {
  const last = await lastComparison();
  return !last || now.getTime() - Date.parse(last.at) >= DAY_MS;
}

/** Compares every repository at GitHub that deliveries are kept of. Returns what was missing; null without a connection. */
export async function compareWithGithub(): Promise<GithubComparison | null> {
  const connected = await githubClient(db());
  if (!connected) return null;
  const client = backgroundClient(connected);
  const now = await databaseNow();
  const found: GithubComparison = { at: now.toISOString(), repositories: 0, missed: 0, commits: 0, problem: null };
  for (const name of await repositoriesToCompare(client.owner, now)) {
    try {
      found.missed += await compareRepository(client, name, now);
      found.commits += await compareCommits(name, now);
      found.repositories += 1;
    } catch (error) {
      if (!isGithubFailure(error)) throw error;
      found.problem = `${name}: ${error.message} ${error.outcome.nextAction}`;
      // A repository that is gone or closed to the connection is no reason to leave out the others.
      if (!isGithubFailure(error, "not-found", "missing-permission", "archived")) break;
    }
  }
  await setState(STATE, JSON.stringify(found));
  return found;
}

const setState = (key: string, value: string) =>
  db().execute(sql`insert into delivery_state (key, value) values (${key}, ${value}) on conflict (key) do update set value = excluded.value`);

/** Those of the connection's owner that Waymark has, or that deployments came from, the longest not compared first. */
async function repositoriesToCompare(owner: string, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - REPOSITORY_DAYS * DAY_MS).toISOString();
  const rows = await db().execute<{ name: string }>(sql`
    select found.name from (
      select lower(owner || '/' || name) as name from repositories where provider = 'github' and status = 'ready' and not is_demo
      union
      select repository from delivery_deployments where source = 'github' and finished_at >= ${since}
    ) found left join delivery_state s on s.key = ${`${STATE}.`} || found.name
    where starts_with(found.name, ${`${owner.toLowerCase()}/`}) order by s.value nulls first, found.name`);
  return rows.map((row) => row.name);
}

async function compareRepository(client: GithubClient, name: string, now: Date): Promise<number> {
  const key = `${STATE}.${name}`;
  const [row] = await db().execute<{ value: string }>(sql`select value from delivery_state where key = ${key}`);
  const since = new Date(row ? Date.parse(row.value) - OVERLAP_MS : now.getTime() - FIRST_DAYS * DAY_MS);
  const { rules } = await readRules(db());
  const events = await eventsAtGithub(client, name, since, rules);
  const kept = await db().transaction(async (tx) => {
    let missed = 0;
    for (const { event, id, payload } of events) {
      const delivery = { type: "github", key: `compared-${id}`, event, sourceId: null, sentBy: null, about: null, body: JSON.stringify(payload) };
      if (!(await keepDelivery(tx, delivery, now)).repeated) missed += 1;
    }
    return missed;
  });
  await setState(key, now.toISOString());
  return kept;
}

/** Keeps commits of the default branch whose push did not come; only of repositories that Waymark has. Returns how many. */
async function compareCommits(name: string, now: Date): Promise<number> {
  const at = name.indexOf("/");
  const repository = await findRepository(db(), { owner: name.slice(0, at), name: name.slice(at + 1) });
  if (repository?.provider !== "github") return 0;
  const head = await resolveCommit(repository, repository.defaultBranch).catch(() => null);
  if (!head) return 0;
  const commits = await commitsBetween(repository, null, head, MAX_COMMITS);
  const missing = new Set(
    await commitsNotKnown(
      name,
      commits.map((commit) => commit.sha),
    ),
  );
  const facts = commits
    .filter((commit) => missing.has(commit.sha))
    .map((commit) => ({ ...commit, repository: name, ...(repository.entityRef ? { service: repository.entityRef } : {}) }));
  await db().transaction((tx) => recordCommits(tx, facts, now));
  return facts.length;
}
