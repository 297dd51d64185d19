import type { GithubClient } from "./client";
import { isGithubFailure } from "./failure";

// Things of a repository that are there or not. Each looks first and makes what is missing, so it can be repeated after a crash.

type At = { owner: string; repo: string };

const where = ({ owner, repo }: At) => `${owner}/${repo}`;

/** Throws GithubFailure. */
export async function ensureWebhook(
  client: GithubClient,
  at: At,
  hook: { url: string; secret?: string | undefined; events: string[]; isActive: boolean; contentType: "form" | "json"; insecureSsl: boolean },
): Promise<void> {
  if ((await listWebhooks(client, at)).some(({ url }) => url === hook.url)) return;
  const config = { url: hook.url, content_type: hook.contentType, insecure_ssl: hook.insecureSsl ? "1" : "0", ...(hook.secret ? { secret: hook.secret } : {}) };
  await client.call(`add a webhook to ${where(at)}`, (rest) => rest.repos.createWebhook({ ...at, config, events: hook.events, active: hook.isActive }));
}

/** The webhooks of a repository with the address that each tells. Throws GithubFailure. */
export async function listWebhooks(client: GithubClient, at: At): Promise<{ id: number; url: string }[]> {
  const { data } = await client.call(`list the webhooks of ${where(at)}`, (rest) => rest.repos.listWebhooks({ ...at, per_page: 100 }));
  return data.map(({ id, config }) => ({ id, url: config.url ?? "" }));
}

/** Removes a webhook; one that is gone is no failure. Throws GithubFailure. */
export async function deleteWebhook(client: GithubClient, at: At, id: number): Promise<void> {
  try {
    await client.call(`remove a webhook of ${where(at)}`, (rest) => rest.repos.deleteWebhook({ ...at, hook_id: id }));
  } catch (error) {
    if (!isGithubFailure(error, "not-found")) throw error;
  }
}

/** Throws GithubFailure. */
export async function ensureAutolink(client: GithubClient, at: At, link: { prefix: string; template: string; isAlphanumeric: boolean }): Promise<void> {
  const { data } = await client.call(`list the autolinks of ${where(at)}`, (rest) => rest.repos.listAutolinks(at));
  if (data.some(({ key_prefix }) => key_prefix === link.prefix)) return;
  await client.call(`add an autolink to ${where(at)}`, (rest) =>
    rest.repos.createAutolink({ ...at, key_prefix: link.prefix, url_template: link.template, is_alphanumeric: link.isAlphanumeric }),
  );
}

interface EnvironmentReviewer {
  type: "User" | "Team";
  id: number;
}

/** The number of a person or a team (`user:octo`, `group:acme/sre`, `octo`); null where GitHub has none of the name. Throws GithubFailure. */
export async function reviewerNamed(client: GithubClient, owner: string, reference: string): Promise<EnvironmentReviewer | null> {
  const [, kind = "user", name = ""] = /^(?:(user|group|team):)?(?:[^/:]+\/)?([^/:]+)$/i.exec(reference) ?? [];
  try {
    if (kind.toLowerCase() === "user") return { type: "User", id: (await client.call(`find the person ${name}`, (rest) => rest.users.getByUsername({ username: name }))).data.id };
    return { type: "Team", id: (await client.call(`find the team ${owner}/${name}`, (rest) => rest.teams.getByName({ org: owner, team_slug: name }))).data.id };
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}

/** Lets exactly these patterns of branches and tags deploy as well; those that are there stay. Throws GithubFailure. */
export async function ensureDeploymentPolicies(client: GithubClient, at: At, environment: string, wanted: { name: string; type: "branch" | "tag" }[]): Promise<void> {
  const place = { ...at, environment_name: environment };
  const { data } = await client.call(`list the deployment rules of ${environment}`, (rest) => rest.repos.listDeploymentBranchPolicies(place));
  const known = new Set(data.branch_policies.map(({ name }) => name));
  for (const { name, type } of wanted.filter((one) => !known.has(one.name)))
    await client.call(`let ${name} deploy to ${environment}`, (rest) => rest.repos.createDeploymentBranchPolicy({ ...place, name, type }));
}

/** Makes the environment, or changes who and what may deploy to it. Throws GithubFailure. */
export async function ensureEnvironment(
  client: GithubClient,
  at: At,
  environment: {
    name: string;
    branches: { protected_branches: boolean; custom_branch_policies: boolean } | null;
    variables: Record<string, string>;
    waitMinutes?: number;
    preventsSelfReview?: boolean;
    reviewers?: EnvironmentReviewer[];
  },
): Promise<void> {
  const { name, branches, variables, waitMinutes, preventsSelfReview, reviewers } = environment;
  await client.call(`set up the environment ${name} of ${where(at)}`, (rest) =>
    rest.repos.createOrUpdateEnvironment({
      ...at,
      environment_name: name,
      ...(branches ? { deployment_branch_policy: branches } : {}),
      ...(waitMinutes === undefined ? {} : { wait_timer: waitMinutes }),
      ...(preventsSelfReview === undefined ? {} : { prevent_self_review: preventsSelfReview }),
      ...(reviewers ? { reviewers } : {}),
    }),
  );
  for (const [variable, value] of Object.entries(variables)) await ensureEnvironmentVariable(client, at, { environment: name, name: variable, value });
}

/** Makes a variable of a repository this value. Throws GithubFailure. */
export async function ensureRepositoryVariable(client: GithubClient, at: At, { name, value }: { name: string; value: string }): Promise<void> {
  const doing = `set the variable ${name} of ${where(at)}`;
  try {
    await client.call(doing, (rest) => rest.actions.createRepoVariable({ ...at, name, value }));
  } catch (error) {
    if (!isGithubFailure(error, "conflict")) throw error;
    await client.call(doing, (rest) => rest.actions.updateRepoVariable({ ...at, name, value }));
  }
}

async function ensureEnvironmentVariable(client: GithubClient, at: At, { environment, name, value }: { environment: string; name: string; value: string }): Promise<void> {
  const doing = `set the variable ${name} of the environment ${environment} of ${where(at)}`;
  try {
    await client.call(doing, (rest) => rest.actions.createEnvironmentVariable({ ...at, environment_name: environment, name, value }));
  } catch (error) {
    if (!isGithubFailure(error, "conflict")) throw error;
    await client.call(doing, (rest) => rest.actions.updateEnvironmentVariable({ ...at, environment_name: environment, name, value }));
  }
}

/** Switches Pages on where it is off. Throws GithubFailure. */
export async function ensurePages(client: GithubClient, at: At, source: { buildType: "legacy" | "workflow"; branch: string; path: "/" | "/docs" }): Promise<void> {
  try {
    await client.call(`look at the pages of ${where(at)}`, (rest) => rest.repos.getPages(at));
  } catch (error) {
    if (!isGithubFailure(error, "not-found")) throw error;
    await client.call(`switch on the pages of ${where(at)}`, (rest) =>
      rest.repos.createPagesSite({ ...at, build_type: source.buildType, source: { branch: source.branch, path: source.path } }),
    );
  }
}

export interface BranchProtection {
  branch: string;
  enforceAdmins: boolean;
  approvals: number;
  codeOwners: boolean;
  dismissStale: boolean;
  lastPushApproval: boolean;
  checks: string[];
  upToDate: boolean;
  conversations: boolean;
  linear: boolean;
  /** Who may push at all; null = everybody with write access. */
  restrictions: { users: string[]; teams: string[]; apps: string[] } | null;
  /** Who needs no pull request. */
  bypass: { users: string[]; teams: string[]; apps: string[] } | null;
  signed: boolean;
}

/** Makes the protection of the branch exactly this. Throws GithubFailure, `plan` where the plan has none. */
export async function protectBranch(client: GithubClient, at: At, wanted: BranchProtection): Promise<void> {
  await client.call(`protect the branch ${wanted.branch} of ${where(at)}`, (rest) =>
    rest.repos.updateBranchProtection({
      ...at,
      branch: wanted.branch,
      enforce_admins: wanted.enforceAdmins,
      required_status_checks: { strict: wanted.upToDate, contexts: wanted.checks },
      required_pull_request_reviews: {
        required_approving_review_count: wanted.approvals,
        require_code_owner_reviews: wanted.codeOwners,
        dismiss_stale_reviews: wanted.dismissStale,
        require_last_push_approval: wanted.lastPushApproval,
        ...(wanted.bypass ? { bypass_pull_request_allowances: wanted.bypass } : {}),
      },
      restrictions: wanted.restrictions,
      required_conversation_resolution: wanted.conversations,
      required_linear_history: wanted.linear,
    }),
  );
  if (wanted.signed)
    await client.call(`ask for signed commits on ${wanted.branch} of ${where(at)}`, (rest) => rest.repos.createCommitSignatureProtection({ ...at, branch: wanted.branch }));
}

/** An issue with this mark in its text, or a new one. `mayBeThere`: it may have been made before, with its answer lost. Throws GithubFailure. */
export async function ensureIssue(
  client: GithubClient,
  at: At,
  issue: { title: string; body: string; labels: string[]; assignees: string[]; milestone?: number | undefined; mark: string; since: Date; mayBeThere: boolean },
): Promise<{ number: number; url: string }> {
  const find = async () => {
    const since = new Date(issue.since.getTime() - 60_000).toISOString();
    const { data } = await client.call(`look for an issue in ${where(at)}`, (rest) => rest.issues.listForRepo({ ...at, state: "all", since, per_page: 100 }));
    const found = data.find(({ body }) => body?.includes(issue.mark));
    return found ? { number: found.number, url: found.html_url } : null;
  };
  const known = issue.mayBeThere ? await find() : null;
  if (known) return known;
  try {
    const { title, labels, assignees, milestone } = issue;
    const body = `${issue.body}\n\n<!-- ${issue.mark} -->`;
    const { data } = await client.call(`open an issue in ${where(at)}`, (rest) =>
      rest.issues.create({ ...at, title, body, labels, assignees, ...(milestone === undefined ? {} : { milestone }) }),
    );
    return { number: data.number, url: data.html_url };
  } catch (error) {
    const made = isGithubFailure(error) && error.mayHaveHappened ? await find() : null;
    if (made) return made;
    throw error;
  }
}

/** Adds labels to an issue or pull request; those that are there stay. Throws GithubFailure. */
export async function addLabels(client: GithubClient, at: At, number: number, labels: string[]): Promise<void> {
  await client.call(`label #${number} of ${where(at)}`, (rest) => rest.issues.addLabels({ ...at, issue_number: number, labels }));
}
