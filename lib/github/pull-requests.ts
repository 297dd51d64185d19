import type { GithubClient } from "./client";
import { isGithubFailure } from "./failure";

export interface GithubPullRequest {
  number: number;
  url: string;
}

export interface WantedPullRequest {
  owner: string;
  name: string;
  /** Branch with the changes, in the same repository. */
  branch: string;
  base: string;
  title: string;
  body: string;
  isDraft: boolean;
}

/** The open pull request of this branch, or a new one; a lost answer is looked up, never sent twice. Throws GithubFailure. */
export async function ensurePullRequest(client: GithubClient, wanted: WantedPullRequest): Promise<GithubPullRequest> {
  const open = await findOpenPullRequest(client, wanted);
  if (open) return open;
  const { owner, name: repo, branch: head, base, title, body, isDraft: draft } = wanted;
  try {
    const { data } = await client.call(`open a pull request in ${owner}/${repo}`, (rest) => rest.pulls.create({ owner, repo, head, base, title, body, draft }));
    return { number: data.number, url: data.html_url };
  } catch (error) {
    if (!isGithubFailure(error) || !(error.mayHaveHappened || error.status === 422)) throw error;
    const made = await findOpenPullRequest(client, wanted);
    if (made) return made;
    throw error;
  }
}

/** The open pull requests of a repository, at most 100. Throws GithubFailure. */
export async function listOpenPullRequests(client: GithubClient, { owner, name: repo }: { owner: string; name: string }): Promise<(GithubPullRequest & { title: string })[]> {
  const { data } = await client.call(`list the pull requests of ${owner}/${repo}`, (rest) => rest.pulls.list({ owner, repo, state: "open", per_page: 100 }));
  return data.map(({ number, html_url: url, title }) => ({ number, url, title }));
}

/** Closes one without merging it; one that is closed stays so. Throws GithubFailure. */
export async function closeGithubPullRequest(client: GithubClient, { owner, name: repo }: { owner: string; name: string }, number: number): Promise<void> {
  await client.call(`close #${number} of ${owner}/${repo}`, (rest) => rest.pulls.update({ owner, repo, pull_number: number, state: "closed" }));
}

/** Changes title and text of one. Throws GithubFailure. */
export async function editGithubPullRequest(client: GithubClient, at: { owner: string; name: string }, number: number, change: { title: string; body: string }): Promise<void> {
  const { owner, name: repo } = at;
  await client.call(`change #${number} of ${owner}/${repo}`, (rest) => rest.pulls.update({ owner, repo, pull_number: number, ...change }));
}

type Between = Pick<WantedPullRequest, "owner" | "name" | "branch" | "base">;

/** The open pull request of a branch, or null. Throws GithubFailure. */
export async function findOpenPullRequest(client: GithubClient, { owner, name: repo, branch, base }: Between): Promise<GithubPullRequest | null> {
  const { data } = await client.call(`look for a pull request of ${branch} in ${owner}/${repo}`, (rest) =>
    rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, base, state: "open", per_page: 10 }),
  );
  const [found] = data;
  return found ? { number: found.number, url: found.html_url } : null;
}

/** Asks people and teams to look at it, and gives it to people. Returns what GitHub did not accept, in words. */
export async function askForReview(
  client: GithubClient,
  at: { owner: string; name: string; number: number },
  { reviewers, teamReviewers, assignees }: { reviewers: string[]; teamReviewers: string[]; assignees: string[] },
): Promise<string[]> {
  const { owner, name: repo, number } = at;
  const refused: string[] = [];
  const attempt = async (doing: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!isGithubFailure(error, "invalid", "not-found", "missing-permission")) throw error;
      refused.push(`${error.message} (${doing})`);
    }
  };
  if (reviewers.length + teamReviewers.length > 0) {
    await attempt("reviewers", () =>
      client.call(`ask for a review of #${number}`, (rest) => rest.pulls.requestReviewers({ owner, repo, pull_number: number, reviewers, team_reviewers: teamReviewers })),
    );
  }
  if (assignees.length > 0)
    await attempt("assignees", () => client.call(`assign #${number}`, (rest) => rest.issues.addAssignees({ owner, repo, issue_number: number, assignees })));
  return refused;
}
