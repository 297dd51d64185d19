import { execFileSync } from "node:child_process";
import { type Call, error, type Handler, NOT_FOUND, param, type Reply, withRepo } from "./handlers";
import { repoShape } from "./shapes";
import type { Repo } from "./state";

// What is in repositories: branches, trees and files from the bare repositories, and the teams that may do something there.

const git = (repo: Repo, ...args: string[]) => execFileSync("git", ["--git-dir", repo.dir, ...args], { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1e8 });

function attempt(repo: Repo, ...args: string[]): string | null {
  try {
    return git(repo, ...args)
      .toString()
      .trim();
  } catch {
    return null;
  }
}

function listRepos(call: Call, login: string): Reply {
  const [size, page] = [Number(call.query.get("per_page") ?? 30), Number(call.query.get("page") ?? 1)];
  const owned = call.state.repos.filter((repo) => repo.owner.login.toLowerCase() === login.toLowerCase());
  return { status: 200, body: owned.slice((page - 1) * size, page * size).map((repo) => repoShape(call.base, repo)) };
}

function branch(call: Call, repo: Repo): Reply {
  const name = param(call, "branch");
  const line = attempt(repo, "log", "-1", "--format=%H %T %aI %an", `refs/heads/${name}`);
  if (!line) return error(404, "Branch not found");
  const [sha = "", tree = "", date = "", ...author] = line.split(" ");
  const url = `${call.base}/api/v3/repos/${repo.owner.login}/${repo.name}`;
  const person = { name: author.join(" "), email: "x@example.com", date };
  const commit = {
    sha,
    node_id: `C${sha}`,
    url: `${url}/commits/${sha}`,
    html_url: `${call.base}/${repo.owner.login}/${repo.name}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: null,
    committer: null,
    parents: [],
    commit: { url: `${url}/git/commits/${sha}`, author: person, committer: person, message: "x", comment_count: 0, tree: { sha: tree, url: `${url}/git/trees/${tree}` } },
  };
  const self = `${url}/branches/${name}`;
  return { status: 200, body: { name, commit, _links: { self, html: self }, protected: false, protection: { enabled: false }, protection_url: `${self}/protection` } };
}

/** As GitHub, cut after `maxTree` entries where the scene says so. */
function tree(call: Call, repo: Repo): Reply {
  const sha = param(call, "tree_sha");
  const listing = attempt(repo, "ls-tree", "-z", "-l", ...(call.query.get("recursive") ? ["-r", "-t"] : []), sha);
  if (listing === null) return NOT_FOUND;
  const all = listing
    .split("\0")
    .filter(Boolean)
    .map((line) => {
      const [mode = "", type = "", object = "", size = "-"] = line.slice(0, line.indexOf("\t")).split(/ +/);
      return { path: line.slice(line.indexOf("\t") + 1), mode, type, sha: object, ...(size === "-" ? {} : { size: Number(size) }), url: `${call.base}/x` };
    });
  const isTruncated = call.query.get("recursive") !== null && all.length > call.state.maxTree;
  return { status: 200, body: { sha, url: `${call.base}/x`, tree: isTruncated ? all.slice(0, call.state.maxTree) : all, truncated: isTruncated } };
}

function blob(call: Call, repo: Repo): Reply {
  const sha = param(call, "file_sha");
  if (attempt(repo, "cat-file", "-t", sha) !== "blob") return NOT_FOUND;
  const content = git(repo, "cat-file", "blob", sha);
  return { status: 200, body: { sha, node_id: `B${sha}`, size: content.length, encoding: "base64", content: content.toString("base64"), url: `${call.base}/x` } };
}

function teamsOf(call: Call, repo: Repo): Reply {
  const url = `${call.base}/api/v3/teams/1`;
  const shape = (slug: string, permission: string) => ({
    id: 1,
    node_id: `T${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    permission,
    type: "organization",
    organization_id: repo.owner.id,
    url,
    html_url: url,
    members_url: url,
    repositories_url: url,
    parent: null,
  });
  return { status: 200, body: Object.entries(repo.access).map(([slug, permission]) => shape(slug, permission)) };
}

export const CONTENT: Record<string, Handler> = {
  "repos/list-for-org": { needs: "metadata=read", scope: "repo", run: (call) => listRepos(call, param(call, "org")) },
  "repos/list-for-user": { needs: "metadata=read", scope: "repo", run: (call) => listRepos(call, param(call, "username")) },
  "repos/get-branch": { needs: "contents=read", scope: "repo", run: withRepo(branch) },
  "git/get-tree": { needs: "contents=read", scope: "repo", run: withRepo(tree) },
  "git/get-blob": { needs: "contents=read", scope: "repo", run: withRepo(blob) },
  "repos/list-teams": { needs: "metadata=read", scope: "repo", run: withRepo(teamsOf) },
};
