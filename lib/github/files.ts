import type { GithubClient } from "./client";
import { isGithubFailure } from "./failure";

/** A repository as a listing shows it. */
export interface ListedRepository {
  owner: string;
  name: string;
  webUrl: string;
  cloneUrl: string;
  defaultBranch: string;
  isArchived: boolean;
  /** When it was last pushed to; unchanged means that nothing in it changed. */
  pushedAt: string | null;
}

const PER_PAGE = 100;
const MAX_PAGES = 200;

/** Every repository of the connection's owner that the connection may see. Throws GithubFailure. */
export async function listOwnerRepositories(client: GithubClient): Promise<ListedRepository[]> {
  const { owner } = client;
  const doing = `list the repositories of ${owner}`;
  const { data: account } = await client.call(`find ${owner}`, (rest) => rest.users.getByUsername({ username: owner }));
  const all: ListedRepository[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const query = { per_page: PER_PAGE, page, type: "all" as const };
    const { data } =
      account.type === "Organization"
        ? await client.call(doing, (rest) => rest.repos.listForOrg({ org: owner, ...query }))
        : await client.call(doing, (rest) => rest.repos.listForUser({ username: owner, ...query }));
    all.push(
      ...data.map((one) => ({
        owner: one.owner.login,
        name: one.name,
        webUrl: one.html_url,
        cloneUrl: one.clone_url ?? `${one.html_url}.git`,
        defaultBranch: one.default_branch ?? "main",
        isArchived: one.archived ?? false,
        pushedAt: one.pushed_at ?? null,
      })),
    );
    if (data.length < PER_PAGE) break;
  }
  return all;
}

export interface BranchHead {
  commit: string;
  tree: string;
  author: string;
  at: string;
  etag: string | null;
}

interface At {
  owner: string;
  name: string;
}

/** Where a branch is; `unchanged` where it still answers to this ETag, which costs nothing; null where there is no such branch. */
export async function branchHead(client: GithubClient, { owner, name }: At, branch: string, etag: string | null): Promise<BranchHead | "unchanged" | null> {
  try {
    const headers = etag ? { "if-none-match": etag } : {};
    const { data, headers: answered } = await client.call(`read the branch ${branch} of ${owner}/${name}`, (rest) => rest.repos.getBranch({ owner, repo: name, branch, headers }));
    const { sha, commit } = data.commit;
    return { commit: sha, tree: commit.tree.sha, author: commit.author?.name ?? "", at: commit.author?.date ?? "", etag: answered.etag ? String(answered.etag) : null };
  } catch (error) {
    if (isGithubFailure(error) && error.status === 304) return "unchanged";
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}

export interface ListedFile {
  path: string;
  type: "file" | "folder" | "link" | "submodule";
  sha: string;
  size: number | null;
}

const TYPES: Record<string, ListedFile["type"]> = { "040000": "folder", "120000": "link", "160000": "submodule" };

/** What a tree holds, with everything below it unless it is `flat`. GitHub cuts very large answers: `isTruncated`. */
export async function listTree(client: GithubClient, { owner, name }: At, tree: string, { flat = false } = {}): Promise<{ files: ListedFile[]; isTruncated: boolean }> {
  const { data } = await client.call(`list the files of ${owner}/${name}`, (rest) => rest.git.getTree({ owner, repo: name, tree_sha: tree, ...(flat ? {} : { recursive: "1" }) }));
  const files = data.tree.map(({ path, mode, sha, size }) => ({ path, type: TYPES[mode] ?? ("file" as const), sha, size: size ?? null }));
  return { files, isTruncated: data.truncated };
}

/** The content of a file. Throws GithubFailure. */
export async function readBlob(client: GithubClient, { owner, name }: At, sha: string): Promise<Buffer> {
  const { data } = await client.call(`read a file of ${owner}/${name}`, (rest) => rest.git.getBlob({ owner, repo: name, file_sha: sha }));
  return Buffer.from(data.content, "base64");
}

/** The first team that administers or maintains a repository, as `organisation/team`; null where none does or it may not be seen. */
export async function administeringTeam(client: GithubClient, { owner, name }: At): Promise<string | null> {
  try {
    const { data } = await client.call(`list the teams of ${owner}/${name}`, (rest) => rest.repos.listTeams({ owner, repo: name, per_page: 100 }));
    const team = data.find(({ permission }) => permission === "admin") ?? data.find(({ permission }) => permission === "maintain");
    return team ? `${owner}/${team.slug}` : null;
  } catch (error) {
    if (isGithubFailure(error, "not-found", "missing-permission")) return null;
    throw error;
  }
}
