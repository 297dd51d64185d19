import type { GithubClient } from "./client";
import { isGithubFailure } from "./failure";

// What happened in a repository at GitHub, read page by page, the newest first, in the shape that its webhooks have.

export interface GithubAt {
  owner: string;
  repo: string;
}

export interface GithubDeployment {
  id: number;
  sha: string;
  environment: string;
  created_at: string;
  updated_at: string;
  production_environment?: boolean;
  transient_environment?: boolean;
}

export const GITHUB_PAGE = 100;

/** One page of deployments; fewer than GITHUB_PAGE on the last. Throws GithubFailure. */
export async function githubDeploymentPage(client: GithubClient, at: GithubAt, page: number): Promise<GithubDeployment[]> {
  const doing = `list the deployments of ${at.owner}/${at.repo}`;
  return (await client.call(doing, (rest) => rest.repos.listDeployments({ ...at, per_page: GITHUB_PAGE, page }))).data;
}

/** The states that a deployment went through, the oldest first. Throws GithubFailure. */
export async function githubStatuses(client: GithubClient, at: GithubAt, deployment: number): Promise<{ state: string; created_at: string }[]> {
  const doing = `tell how deployment ${deployment} of ${at.owner}/${at.repo} ended`;
  const { data } = await client.call(doing, (rest) => rest.repos.listDeploymentStatuses({ ...at, deployment_id: deployment, per_page: GITHUB_PAGE }));
  return data.map(({ state, created_at }) => ({ state, created_at })).sort((a, b) => a.created_at.localeCompare(b.created_at));
}

/** One page of pull requests by their last change. Throws GithubFailure. */
export async function githubPullPage(client: GithubClient, at: GithubAt, page: number) {
  const doing = `list the pull requests of ${at.owner}/${at.repo}`;
  const { data } = await client.call(doing, (rest) => rest.pulls.list({ ...at, state: "all", sort: "updated", direction: "desc", per_page: GITHUB_PAGE, page }));
  return data.map(({ number, title, state, user, created_at, updated_at, merged_at, closed_at, merge_commit_sha }) => ({
    number,
    title,
    state,
    merged: Boolean(merged_at),
    user: user ? { login: user.login } : null,
    created_at,
    updated_at,
    merged_at,
    closed_at,
    merge_commit_sha,
  }));
}

/** When the oldest of a pull request's commits was authored; null where it has none any more. Throws GithubFailure. */
export async function githubFirstAuthored(client: GithubClient, at: GithubAt, number: number): Promise<Date | null> {
  try {
    const { data } = await client.call(`list the commits of pull request ${number}`, (rest) => rest.pulls.listCommits({ ...at, pull_number: number, per_page: GITHUB_PAGE }));
    const dates = data.flatMap(({ commit }) => (commit.author?.date ? [Date.parse(commit.author.date)] : []));
    return dates.length ? new Date(Math.min(...dates)) : null;
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}

/** Runs of workflows that began since a moment, the newest hundred. Throws GithubFailure. */
export async function githubWorkflowRuns(client: GithubClient, at: GithubAt, since: Date) {
  const doing = `list the workflow runs of ${at.owner}/${at.repo}`;
  const created = `>=${since.toISOString().slice(0, 10)}`;
  const { data } = await client.call(doing, (rest) => rest.actions.listWorkflowRunsForRepo({ ...at, status: "completed", created, per_page: GITHUB_PAGE }));
  return data.workflow_runs.map(({ id, name, run_attempt, status, conclusion, head_sha, run_started_at, created_at, updated_at }) => ({
    id,
    name: name ?? null,
    run_attempt: run_attempt ?? 1,
    status,
    conclusion,
    head_sha,
    run_started_at: run_started_at ?? null,
    created_at,
    updated_at,
  }));
}

/** Releases, the newest hundred. Throws GithubFailure. */
export async function githubReleases(client: GithubClient, at: GithubAt) {
  const { data } = await client.call(`list the releases of ${at.owner}/${at.repo}`, (rest) => rest.repos.listReleases({ ...at, per_page: GITHUB_PAGE }));
  return data.map(({ id, tag_name, target_commitish, draft, prerelease, published_at }) => ({ id, tag_name, target_commitish, draft, prerelease, published_at }));
}

/** Issues that changed since a moment, the newest hundred, without pull requests. Throws GithubFailure. */
export async function githubIssues(client: GithubClient, at: GithubAt, since: Date) {
  const doing = `list the issues of ${at.owner}/${at.repo}`;
  const { data } = await client.call(doing, (rest) => rest.issues.listForRepo({ ...at, state: "all", since: since.toISOString(), per_page: GITHUB_PAGE }));
  return data
    .filter((one) => !one.pull_request)
    .map(({ number, title, state, created_at, updated_at, closed_at, labels }) => ({
      number,
      title,
      state,
      created_at,
      updated_at,
      closed_at,
      labels: labels.flatMap((label) => (typeof label === "string" ? [{ name: label }] : label.name ? [{ name: label.name }] : [])),
    }));
}
