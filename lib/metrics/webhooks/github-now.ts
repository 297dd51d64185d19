import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import type { GithubClient } from "@/lib/github/client";
import { GITHUB_PAGE, githubDeploymentPage, githubIssues, githubPullPage, githubReleases, githubStatuses, githubWorkflowRuns } from "@/lib/github/deliveries";
import type { Rules } from "../rules-shape";
import { toldByGithub } from "./github-events";

/** What GitHub has, as the webhook that it would have sent. */
export interface GithubEvent {
  event: string;
  /** The same for the same state of the same thing. */
  id: string;
  payload: unknown;
}

const MAX_PAGES = 10;

/** What happened in a repository since a moment and is not kept here: ends of deployments, pull requests, and by the rules workflows, releases and issues. Throws GithubFailure. */
export async function eventsAtGithub(client: GithubClient, name: string, since: Date, rules: Rules): Promise<GithubEvent[]> {
  const at = { owner: name.slice(0, name.indexOf("/")), repo: name.slice(name.indexOf("/") + 1) };
  const repository = { full_name: name };
  const events: GithubEvent[] = [];
  for (const deployment of await newestOf(
    (page) => githubDeploymentPage(client, at, page),
    ({ updated_at }) => updated_at,
    since,
  )) {
    if (await isKept(`github-${deployment.id}`, deployment.updated_at)) continue;
    const ends = (await githubStatuses(client, at, deployment.id)).filter(
      (status) => toldByGithub("deployment_status", { deployment, deployment_status: status, repository }, rules).deployments,
    );
    for (const status of ends.slice(-1)) {
      const payload = { deployment, deployment_status: status, repository };
      events.push({ event: "deployment_status", id: `deployment-${deployment.id}-${status.created_at}`, payload });
    }
  }
  for (const pull of await newestOf(
    (page) => githubPullPage(client, at, page),
    ({ updated_at }) => updated_at,
    since,
  )) {
    const state = pull.merged ? "merged" : pull.state;
    if (!(await isPullKept(name, pull.number, state)))
      events.push({ event: "pull_request", id: `pull-${name}-${pull.number}-${state}`, payload: { pull_request: pull, repository } });
  }
  if (rules.workflows.length)
    for (const run of await githubWorkflowRuns(client, at, since))
      if (!(await isKept(`workflow-${run.id}-${run.run_attempt}`)))
        events.push({ event: "workflow_run", id: `workflow-${run.id}-${run.run_attempt}`, payload: { workflow_run: run, repository } });
  if (rules.releases)
    for (const release of await githubReleases(client, at))
      if (release.published_at && Date.parse(release.published_at) >= since.getTime() && !(await isKept(`release-${release.id}`)))
        events.push({ event: "release", id: `release-${release.id}`, payload: { action: "published", release, repository } });
  if (rules.incidentLabels.length)
    for (const issue of await githubIssues(client, at, since))
      if (!(await isIssueKept(name, issue.number, issue.state === "closed")))
        events.push({ event: "issues", id: `issue-${name}-${issue.number}-${issue.updated_at}`, payload: { issue, repository } });
  // What the rules make nothing of is not worth a line in the log.
  return events.filter(({ event, payload }) => !toldByGithub(event, payload, rules).ignored);
}

/** Things of pages that are in the order of their making or last change, back to a moment. */
async function newestOf<T>(page: (nr: number) => Promise<T[]>, changedAt: (one: T) => string, since: Date): Promise<T[]> {
  const found: T[] = [];
  for (let nr = 1; nr <= MAX_PAGES; nr++) {
    const all = await page(nr);
    const wanted = all.filter((one) => Date.parse(changedAt(one)) >= since.getTime());
    found.push(...wanted);
    if (all.length < GITHUB_PAGE || wanted.length === 0) break;
  }
  return found;
}

async function isKept(externalId: string, changedAt?: string): Promise<boolean> {
  const rows = await db().execute(
    sql`select 1 from delivery_deployments where external_id = ${externalId} ${changedAt ? sql`and received_at >= ${changedAt}::timestamptz` : sql``} limit 1`,
  );
  return rows.length > 0;
}

async function isPullKept(repository: string, number: number, state: string): Promise<boolean> {
  return (await db().execute(sql`select 1 from delivery_pull_requests where repository = ${repository.toLowerCase()} and number = ${number} and state = ${state}`)).length > 0;
}

async function isIssueKept(repository: string, number: number, isClosed: boolean): Promise<boolean> {
  const rows = await db().execute(
    sql`select 1 from incidents where lower(external_id) = ${`issue-${repository}-${number}`.toLowerCase()} and (resolved_at is not null) = ${isClosed} limit 1`,
  );
  return rows.length > 0;
}
