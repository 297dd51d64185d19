import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { HostKind } from "@/lib/hosts/contract";
import { type Description, Judge } from "@/tests/github/description";
import { GITLAB } from "./gitlab-recorded";
import { branchesOf, defaultBranchOf, type HostedRepo, type HostState, idOf } from "./state";

export interface Call {
  url: string;
  state: HostState;
  params: Record<string, string>;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: bodies were judged before; each handler reads what its host declares
  body: any;
}
export interface Reply {
  status: number;
  body?: unknown;
}
export interface Dialect {
  judge: Judge;
  /** Path of the API below the address. */
  prefix: string;
  authorization: string;
  /** Owner and name in the path of a git address. */
  git: RegExp;
  /** Query parameters that hosts document for all lists. */
  paging: string[];
  handlers: Record<string, (call: Call) => Reply>;
}

export const TOKEN = "t0ken-of-the-double";
const read = (file: string) => JSON.parse(readFileSync(path.join(import.meta.dirname, file), "utf8")) as Description;
const basic = (user: string) => `Basic ${Buffer.from(`${user}:${TOKEN}`).toString("base64")}`;
const withRepo = (find: (call: Call) => HostedRepo | null, missing: Reply) => (work: (call: Call, repo: HostedRepo) => Reply) => (call: Call) => {
  const repo = find(call);
  return repo ? work(call, repo) : missing;
};

function openChange(
  call: Call,
  repo: HostedRepo,
  wanted: { title: string; body?: string; branch: string; base: string; isDraft?: boolean },
  refused: (why: string) => Reply,
): HostedRepo["changes"][number] | Reply {
  const branches = branchesOf(repo);
  const missing = [wanted.branch, wanted.base].find((one) => !branches.includes(one));
  if (missing) return refused(`the branch ${missing} does not exist`);
  if (repo.changes.some((one) => one.isOpen && one.branch === wanted.branch)) return { ...refused(`a request for ${wanted.branch} already exists`), status: 409 };
  const made = { number: call.state.number(), isOpen: true, isDraft: false, body: "", ...wanted };
  repo.changes.push(made);
  return made;
}
const isReply = (value: object): value is Reply => "status" in value;
const changeOf = (repo: HostedRepo, number: string | undefined) => repo.changes.find((one) => one.number === Number(number)) ?? null;

const NOT_FOUND = { status: 404, body: { message: "404 Not Found" } };

function gitea(): Dialect {
  const shape = ({ url }: Call, repo: HostedRepo) => {
    const branch = defaultBranchOf(repo);
    const address = `${url}/${repo.owner}/${repo.name}`;
    const { id, name, description, isArchived: archived } = repo;
    return {
      id,
      name,
      description,
      full_name: `${repo.owner}/${name}`,
      html_url: address,
      clone_url: `${address}.git`,
      default_branch: branch ?? "main",
      empty: branch === null,
      archived,
      private: repo.visibility !== "public",
    };
  };
  const pull = ({ url }: Call, repo: HostedRepo, one: HostedRepo["changes"][number]) => ({
    number: one.number,
    title: one.title,
    html_url: `${url}/${repo.owner}/${repo.name}/pulls/${one.number}`,
    head: { ref: one.branch },
    state: one.isOpen ? "open" : "closed",
  });
  const on = withRepo(({ state, params }) => state.find(params["owner"] ?? "", params["repo"] ?? ""), NOT_FOUND);
  const create =
    (owner: string) =>
    (call: Call): Reply => {
      const { name, description, private: isPrivate } = call.body;
      if (call.state.find(owner, name)) return { status: 409, body: { message: "The repository with the same name already exists." } };
      return { status: 201, body: shape(call, call.state.add({ owner, name, description, visibility: isPrivate ? "private" : "public" })) };
    };
  return {
    judge: new Judge(read("gitea.json")),
    prefix: "/api/v1",
    authorization: `token ${TOKEN}`,
    git: /^\/([^/]+)\/([^/]+)\.git$/,
    paging: [],
    handlers: {
      userGetCurrent: () => ({ status: 200, body: { login: "robot", id: 1 } }),
      orgGet: ({ state, params }) => (state.owners.has(params["org"] ?? "") ? { status: 200, body: { id: 2, name: params["org"] } } : NOT_FOUND),
      repoGet: on((call, repo) => ({ status: 200, body: shape(call, repo) })),
      createOrgRepo: (call) => (call.state.owners.has(call.params["org"] ?? "") ? create(call.params["org"] ?? "")(call) : NOT_FOUND),
      createCurrentUserRepo: (call) => create("robot")(call),
      repoEdit: on((call, repo) => {
        const { default_branch: branch, archived } = call.body;
        if (branch) repo.chosenBranch = branch;
        if (archived !== undefined) repo.isArchived = archived;
        return { status: 200, body: shape(call, repo) };
      }),
      repoUpdateTopics: on((call, repo) => {
        repo.topics = call.body.topics;
        return { status: 204 };
      }),
      repoListBranchProtection: on((_, repo) => ({ status: 200, body: repo.protections.map(({ rule_name }) => ({ rule_name })) })),
      repoCreateBranchProtection: on((call, repo) => {
        if (repo.protections.some(({ rule_name }) => rule_name === call.body.rule_name)) return { status: 403, body: { message: "Branch protection already exist" } };
        repo.protections.push(call.body);
        return { status: 201, body: { rule_name: call.body.rule_name } };
      }),
      repoListPullRequests: on((call, repo) => ({ status: 200, body: repo.changes.filter(({ isOpen }) => isOpen).map((one) => pull(call, repo, one)) })),
      repoCreatePullRequest: on((call, repo) => {
        const { head: branch, base, title, body } = call.body;
        const made = openChange(call, repo, { branch, base, title, body, isDraft: title.startsWith("WIP: ") }, (message) => ({ status: 404, body: { message } }));
        return isReply(made) ? made : { status: 201, body: pull(call, repo, made) };
      }),
      repoEditPullRequest: on((call, repo) => {
        const one = changeOf(repo, call.params["index"]);
        if (!one) return NOT_FOUND;
        const { title = one.title, body = one.body, state } = call.body;
        Object.assign(one, { title, body, isOpen: state ? state === "open" : one.isOpen });
        return { status: 201, body: pull(call, repo, one) };
      }),
    },
  };
}

function gitlab(): Dialect {
  const missing = { status: 404, body: { message: "404 Project Not Found" } };
  const shape = ({ url }: Call, repo: HostedRepo) => {
    const branch = defaultBranchOf(repo);
    const full = `${repo.owner}/${repo.name}`;
    return {
      id: repo.id,
      name: repo.name,
      path: repo.name,
      path_with_namespace: full,
      description: repo.description,
      web_url: `${url}/${full}`,
      http_url_to_repo: `${url}/${full}.git`,
      default_branch: branch ?? "main",
      empty_repo: branch === null,
      archived: repo.isArchived,
      visibility: repo.visibility,
    };
  };
  const change = ({ url }: Call, repo: HostedRepo, one: HostedRepo["changes"][number]) => ({
    iid: one.number,
    title: one.title,
    web_url: `${url}/${repo.owner}/${repo.name}/-/merge_requests/${one.number}`,
    source_branch: one.branch,
    target_branch: one.base,
    state: one.isOpen ? "opened" : "closed",
  });
  const on = withRepo(({ state, params }) => {
    const [, owner = "", name = ""] = /^(.+)\/([^/]+)$/.exec(params["id"] ?? "") ?? [];
    return state.find(owner, name) ?? state.byId(params["id"] ?? "");
  }, missing);
  const namespaces = ["acme", "acme/platform"];
  return {
    judge: new Judge(GITLAB),
    prefix: "/api/v4",
    authorization: `Bearer ${TOKEN}`,
    git: /^\/(.+)\/([^/]+)\.git$/,
    paging: [],
    handlers: {
      user: () => ({ status: 200, body: { id: 1, username: "robot" } }),
      namespace: ({ params }) => {
        const at = namespaces.indexOf(params["id"] ?? "");
        return at < 0
          ? { status: 404, body: { message: "404 Namespace Not Found" } }
          : { status: 200, body: { id: at + 1, path: namespaces[at], kind: "group", full_path: namespaces[at] } };
      },
      project: on((call, repo) => ({ status: 200, body: shape(call, repo) })),
      "create-project": (call) => {
        const { namespace_id: id, path: name, description, visibility, topics = [], ...settings } = call.body;
        const owner = namespaces[id - 1] ?? "";
        if (call.state.find(owner, name)) return { status: 400, body: { message: { path: ["has already been taken"], name: ["has already been taken"] } } };
        return { status: 201, body: shape(call, call.state.add({ owner, name, description, visibility, topics, settings })) };
      },
      "edit-project": on((call, repo) => {
        repo.chosenBranch = call.body.default_branch ?? repo.chosenBranch;
        return { status: 200, body: shape(call, repo) };
      }),
      "archive-project": on((call, repo) => {
        repo.isArchived = true;
        return { status: 201, body: shape(call, repo) };
      }),
      "protected-branch": on((call, repo) =>
        repo.protections.some(({ name }) => name === call.params["name"]) ? { status: 200, body: { name: call.params["name"] } } : NOT_FOUND,
      ),
      "protect-branch": on((call, repo) => {
        if (repo.protections.some(({ name }) => name === call.body.name)) return { status: 409, body: { message: `Protected branch '${call.body.name}' already exists` } };
        repo.protections.push(call.body);
        return { status: 201, body: { name: call.body.name } };
      }),
      branch: on((call, repo) => (branchesOf(repo).includes(call.params["branch"] ?? "") ? { status: 200, body: { name: call.params["branch"] } } : NOT_FOUND)),
      "create-branch": on((call, repo) => {
        const { branch, ref } = call.body;
        if (branchesOf(repo).includes(branch)) return { status: 400, body: { message: "Branch already exists" } };
        execFileSync("git", ["--git-dir", repo.dir, "update-ref", `refs/heads/${branch}`, `refs/heads/${ref}`]);
        return { status: 201, body: { name: branch } };
      }),
      "create-variable": on((call, repo) => {
        const { key, environment_scope: scope } = call.body;
        if (repo.variables.some((one) => one["key"] === key && one["environment_scope"] === scope))
          return { status: 400, body: { message: { key: [`(${key}) has already been taken`] } } };
        repo.variables.push({ ...call.body });
        return { status: 201, body: { key } };
      }),
      "edit-variable": on((call, repo) => {
        const known = repo.variables.find((one) => one["key"] === call.params["key"]);
        if (!known) return NOT_FOUND;
        Object.assign(known, call.body);
        return { status: 200, body: { key: known["key"] } };
      }),
      "list-changes": on((call, repo) => ({ status: 200, body: repo.changes.filter(({ isOpen }) => isOpen).map((one) => change(call, repo, one)) })),
      "create-change": on((call, repo) => {
        const { source_branch: branch, target_branch: base, title, description: body } = call.body;
        const made = openChange(call, repo, { branch, base, title, body, isDraft: title.startsWith("Draft: ") }, (why) => ({ status: 422, body: { message: [why] } }));
        return isReply(made) ? made : { status: 201, body: change(call, repo, made) };
      }),
      "edit-change": on((call, repo) => {
        const one = changeOf(repo, call.params["iid"]);
        if (!one) return NOT_FOUND;
        const { title = one.title, description = one.body, state_event: event } = call.body;
        Object.assign(one, { title, body: description, isOpen: event ? event === "reopen" : one.isOpen });
        return { status: 200, body: change(call, repo, one) };
      }),
    },
  };
}

function bitbucket(): Dialect {
  const missing = { status: 404, body: { type: "error", error: { message: "Repository not found" } } };
  const link = (href: string) => ({ href });
  const shape = ({ url }: Call, repo: HostedRepo) => {
    const branch = defaultBranchOf(repo);
    const address = `${url}/${repo.owner}/${repo.name}`;
    const links = { html: link(address), clone: [{ name: "https", href: `${address.replace("://", "://robot@")}.git` }] };
    return {
      type: "repository",
      uuid: `{${idOf(repo)}}`,
      full_name: `${repo.owner}/${repo.name}`,
      description: repo.description,
      is_private: repo.visibility !== "public",
      scm: "git",
      links,
      mainbranch: branch ? { type: "branch", name: branch } : null,
    };
  };
  const pull = ({ url }: Call, repo: HostedRepo, one: HostedRepo["changes"][number]) => ({
    type: "pullrequest",
    id: one.number,
    title: one.title,
    links: { html: link(`${url}/${repo.owner}/${repo.name}/pull-requests/${one.number}`) },
    source: { branch: { name: one.branch } },
    destination: { branch: { name: one.base } },
    state: one.isOpen ? "OPEN" : "DECLINED",
  });
  const on = withRepo(({ state, params }) => state.find(params["workspace"] ?? "", params["repo_slug"] ?? ""), missing);
  const REPO = "/repositories/{workspace}/{repo_slug}";
  return {
    judge: new Judge(read("bitbucket.json")),
    prefix: "/2.0",
    authorization: `Bearer ${TOKEN}`,
    git: /^\/([^/]+)\/([^/]+)\.git$/,
    paging: ["pagelen", "page"],
    handlers: {
      "get /workspaces/{workspace}": ({ state, params }) =>
        state.owners.has(params["workspace"] ?? "") ? { status: 200, body: { type: "workspace", name: "Acme", slug: params["workspace"] } } : missing,
      "get /workspaces/{workspace}/projects/{project_key}": ({ params }) => (params["project_key"] === "SHOP" ? { status: 200, body: { type: "project", key: "SHOP" } } : missing),
      [`get ${REPO}`]: on((call, repo) => ({ status: 200, body: shape(call, repo) })),
      [`post ${REPO}`]: (call) => {
        const { workspace: owner = "", repo_slug: name = "" } = call.params;
        if (call.state.find(owner, name)) return { status: 400, body: { type: "error", error: { message: "Repository with this Slug and Owner already exists." } } };
        const { description, is_private: isPrivate, project } = call.body;
        return { status: 200, body: shape(call, call.state.add({ owner, name, description, visibility: isPrivate ? "private" : "public", project: project?.key ?? null })) };
      },
      [`put ${REPO}`]: on((call, repo) => {
        repo.chosenBranch = call.body.mainbranch?.name ?? repo.chosenBranch;
        return { status: 200, body: shape(call, repo) };
      }),
      [`get ${REPO}/branch-restrictions`]: on((call, repo) => ({
        status: 200,
        body: { values: repo.protections.filter(({ kind, pattern }) => kind === call.query.get("kind") && pattern === call.query.get("pattern")) },
      })),
      [`post ${REPO}/branch-restrictions`]: on((call, repo) => {
        repo.protections.push(call.body);
        return { status: 201, body: call.body };
      }),
      [`get ${REPO}/pullrequests`]: on((call, repo) => ({ status: 200, body: { values: repo.changes.filter(({ isOpen }) => isOpen).map((one) => pull(call, repo, one)) } })),
      [`post ${REPO}/pullrequests`]: on((call, repo) => {
        const { title, description: body, source, destination } = call.body;
        const made = openChange(call, repo, { branch: source.branch.name, base: destination.branch.name, title, body }, (message) => ({
          status: 400,
          body: { type: "error", error: { message } },
        }));
        return isReply(made) ? made : { status: 201, body: pull(call, repo, made) };
      }),
      [`put ${REPO}/pullrequests/{pull_request_id}`]: on((call, repo) => {
        const one = changeOf(repo, call.params["pull_request_id"]);
        if (!one) return missing;
        Object.assign(one, { title: call.body.title, body: call.body.description });
        return { status: 200, body: pull(call, repo, one) };
      }),
      [`post ${REPO}/pullrequests/{pull_request_id}/decline`]: on((call, repo) => {
        const one = changeOf(repo, call.params["pull_request_id"]);
        if (!one) return missing;
        one.isOpen = false;
        return { status: 200, body: pull(call, repo, one) };
      }),
    },
  };
}

function azure(): Dialect {
  const missing = { status: 404, body: { message: "TF401019: The Git repository does not exist or you do not have permissions for the operation you are attempting." } };
  const shape = ({ url }: Call, repo: HostedRepo) => {
    const branch = defaultBranchOf(repo);
    const address = `${url}/${repo.owner.split("/").map(encodeURIComponent).join("/")}/_git/${repo.name}`;
    return { id: idOf(repo), name: repo.name, remoteUrl: address, webUrl: address, isDisabled: false, ...(branch ? { defaultBranch: `refs/heads/${branch}` } : {}) };
  };
  const pull = (one: HostedRepo["changes"][number]) => ({
    pullRequestId: one.number,
    title: one.title,
    sourceRefName: `refs/heads/${one.branch}`,
    targetRefName: `refs/heads/${one.base}`,
    isDraft: one.isDraft,
    status: one.isOpen ? "active" : "abandoned",
  });
  const ownerOf = ({ params }: Call) => `${params["organization"]}/${params["project"]}`;
  const on = withRepo((call) => call.state.find(ownerOf(call), call.params["repositoryId"] ?? "") ?? call.state.byId(call.params["repositoryId"] ?? ""), missing);
  const short = (ref: string) => ref.replace(/^refs\/heads\//, "");
  return {
    judge: new Judge(read("azure.json")),
    prefix: "",
    authorization: basic(""),
    git: /^\/([^/]+\/[^/]+)\/_git\/([^/]+)$/,
    paging: [],
    handlers: {
      Projects_Get: ({ params }) =>
        params["organization"] === "acme" && params["projectId"] === "Shop Floor" ? { status: 200, body: { id: idOf({ id: 1 } as HostedRepo), name: "Shop Floor" } } : missing,
      Repositories_Get: on((call, repo) => ({ status: 200, body: shape(call, repo) })),
      Repositories_Create: (call) => {
        if (call.state.find(ownerOf(call), call.body.name)) return { status: 409, body: { message: `TF400948: A Git repository with the name ${call.body.name} already exists.` } };
        return { status: 201, body: shape(call, call.state.add({ owner: ownerOf(call), name: call.body.name })) };
      },
      Repositories_Update: on((call, repo) => {
        repo.chosenBranch = short(call.body.defaultBranch);
        return { status: 200, body: shape(call, repo) };
      }),
      Configurations_List: ({ state }) => ({ status: 200, body: { count: 0, value: state.repos.flatMap(({ protections }) => protections) } }),
      Configurations_Create: ({ state, body }) => {
        const repo = state.byId(String(body.settings.scope[0].repositoryId));
        if (!repo) return missing;
        repo.protections.push(body);
        return { status: 200, body };
      },
      "Pull Requests_Get": on((_, repo) => ({ status: 200, body: { value: repo.changes.filter(({ isOpen }) => isOpen).map(pull) } })),
      "Pull Requests_Create": on((call, repo) => {
        const { sourceRefName, targetRefName, title, description: body, isDraft } = call.body;
        const made = openChange(call, repo, { branch: short(sourceRefName), base: short(targetRefName), title, body, isDraft }, (message) => ({
          status: 404,
          body: { message: `TF401398: ${message}` },
        }));
        return isReply(made) ? made : { status: 200, body: pull(made) };
      }),
      "Pull Requests_Update": on((call, repo) => {
        const one = changeOf(repo, call.params["pullRequestId"]);
        if (!one) return missing;
        const { title = one.title, description = one.body, status } = call.body;
        Object.assign(one, { title, body: description, isOpen: status ? status === "active" : one.isOpen });
        return { status: 200, body: pull(one) };
      }),
    },
  };
}

export const DIALECTS: Record<HostKind, () => Dialect> = { gitea, gitlab, bitbucket, azure };
