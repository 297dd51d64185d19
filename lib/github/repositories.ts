import type { GithubClient } from "./client";
import { isGithubFailure } from "./failure";

export interface GithubRepository {
  owner: string;
  name: string;
  /** Where Waymark leaves its mark: it can be set in the same request that creates the repository. */
  homepage: string;
  cloneUrl: string;
  webUrl: string;
  defaultBranch: string;
  isPrivate: boolean;
  isArchived: boolean;
  topics: string[];
}

interface RepoJson {
  name: string;
  owner: { login: string };
  homepage?: string | null;
  clone_url?: string;
  html_url: string;
  default_branch?: string;
  private: boolean;
  archived?: boolean;
  topics?: string[];
}

const present = (data: RepoJson): GithubRepository => ({
  owner: data.owner.login,
  name: data.name,
  homepage: data.homepage ?? "",
  cloneUrl: data.clone_url ?? `${data.html_url}.git`,
  webUrl: data.html_url,
  defaultBranch: data.default_branch ?? "main",
  isPrivate: data.private,
  isArchived: data.archived ?? false,
  topics: data.topics ?? [],
});

/** The repository of this very name, or null; GitHub also answers with one that was renamed, which is another. Throws GithubFailure. */
export async function findGithubRepository(client: GithubClient, owner: string, name: string): Promise<GithubRepository | null> {
  try {
    const { data } = await client.call(`look for ${owner}/${name}`, (rest) => rest.repos.get({ owner, repo: name }));
    const found = present(data);
    return found.name.toLowerCase() === name.toLowerCase() && found.owner.toLowerCase() === owner.toLowerCase() ? found : null;
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}

export interface NewRepository {
  owner: string;
  name: string;
  description: string;
  homepage: string;
  isPrivate: boolean;
}

/** Makes an empty repository for the organisation or the person. Throws GithubFailure, `name-taken` when there is one. */
export async function createGithubRepository(client: GithubClient, { owner, name, description, homepage, isPrivate }: NewRepository): Promise<GithubRepository> {
  const { data: account } = await client.call(`find the owner ${owner}`, (rest) => rest.users.getByUsername({ username: owner }));
  const settings = { name, homepage, private: isPrivate, auto_init: false, delete_branch_on_merge: true, description: oneLine(description) };
  const doing = `create the repository ${owner}/${name}`;
  if (account.type === "Organization") return present((await client.call(doing, (rest) => rest.repos.createInOrg({ org: owner, ...settings }))).data);
  return present((await client.call(doing, (rest) => rest.repos.createForAuthenticatedUser(settings))).data);
}

/** GitHub refuses control characters and more than 350 characters. */
const oneLine = (text: string) =>
  text
    .replace(/[\x00-\x1f\x7f]+/g, " ")
    .trim()
    .slice(0, 350);

/** Topics as GitHub takes them: lower case, digits and hyphens, at most 50 characters, 20 of them. */
export function githubTopics(topics: string[]): string[] {
  const clean = topics.map((topic) =>
    topic
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50),
  );
  return [...new Set(clean.filter(Boolean))].slice(0, 20);
}

/** Makes the topics exactly these. */
export async function setTopics(client: GithubClient, { owner, name, topics }: GithubRepository, wanted: string[]): Promise<void> {
  const names = githubTopics(wanted);
  if (names.length === topics.length && names.every((topic) => topics.includes(topic))) return;
  await client.call(`set the topics of ${owner}/${name}`, (rest) => rest.repos.replaceAllTopics({ owner, repo: name, names }));
}

/** Makes this the default branch. */
export async function setDefaultBranch(client: GithubClient, { owner, name, defaultBranch }: GithubRepository, wanted: string): Promise<void> {
  if (defaultBranch === wanted) return;
  await client.call(`make ${wanted} the default branch of ${owner}/${name}`, (rest) => rest.repos.update({ owner, repo: name, default_branch: wanted }));
}

/** Lets a team push; false when the organisation has no team of that name. */
export async function letTeamPush(client: GithubClient, { owner, name }: GithubRepository, team: string): Promise<boolean> {
  try {
    await client.call(`give the team ${team} access to ${owner}/${name}`, (rest) =>
      rest.teams.addOrUpdateRepoPermissionsInOrg({ org: owner, team_slug: team, owner, repo: name, permission: "push" }),
    );
    return true;
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return false;
    throw error;
  }
}

const RULESET = "Waymark: default branch";

/**
 * Forbids to delete the default branch and to rewrite it. Returns what stands in the way where rules are not to be had: the
 * `plan`, or an old `server`. Throws GithubFailure for the rest.
 */
export async function protectDefaultBranch(client: GithubClient, repository: GithubRepository): Promise<"done" | "plan" | "server"> {
  try {
    return await ensureRuleset(client, repository);
  } catch (error) {
    if (isGithubFailure(error, "plan")) return "plan";
    throw error;
  }
}

async function ensureRuleset(client: GithubClient, { owner, name }: GithubRepository): Promise<"done" | "server"> {
  const doing = `protect the default branch of ${owner}/${name}`;
  const repo = name;
  const rulesets = await listRulesets(client, owner, repo, doing);
  if (!rulesets) return "server";
  const known = rulesets.find((ruleset) => ruleset.name === RULESET);
  const wanted = {
    name: RULESET,
    target: "branch" as const,
    enforcement: "active" as const,
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [{ type: "deletion" as const }, { type: "non_fast_forward" as const }],
  };
  if (known) await client.call(doing, (rest) => rest.repos.updateRepoRuleset({ owner, repo, ruleset_id: known.id, ...wanted }));
  else await client.call(doing, (rest) => rest.repos.createRepoRuleset({ owner, repo, ...wanted }));
  return "done";
}

async function listRulesets(client: GithubClient, owner: string, repo: string, doing: string): Promise<{ id: number; name: string }[] | null> {
  try {
    return (await client.call(doing, (rest) => rest.repos.getRepoRulesets({ owner, repo, includes_parents: false, per_page: 100 }))).data;
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}

/** Makes the repository read-only. */
export async function archiveGithubRepository(client: GithubClient, { owner, name }: GithubRepository): Promise<void> {
  await client.call(`archive ${owner}/${name}`, (rest) => rest.repos.update({ owner, repo: name, archived: true }));
}
