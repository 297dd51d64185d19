import { rmSync } from "node:fs";
import path from "node:path";
import { initRepository } from "./git-backend";
import { accountShape, installationShape, jobShape, publicUserShape, repoShape, runShape, stateOf } from "./shapes";
import { type App, type Installation, noExtras, type Repo, type State, type Token, type Workflow } from "./state";

export type Caller = { type: "app"; app: App } | { type: "token"; token: Token } | { type: "nobody" };

export interface Call {
  base: string;
  state: State;
  /** Where bare repositories are made. */
  dir: string;
  caller: Caller;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Handler {
  /** Permission of an App or fine-grained token, such as `administration=write`; `app` = only the App itself. */
  needs: string | null;
  /** Scope of a classic token. */
  scope?: string;
  run(call: Call): Reply;
}

export const error = (status: number, message: string, errors?: unknown[]): Reply => ({
  status,
  body: { message, ...(errors ? { errors } : {}), documentation_url: "https://docs.github.com/rest", status: String(status) },
});
export const NOT_FOUND = error(404, "Not Found");

export const param = ({ params }: Call, name: string) => params[name] ?? "";
const findRepo = (call: Call) => call.state.repo(param(call, "owner"), param(call, "repo"));
export const withRepo = (work: (call: Call, repo: Repo) => Reply) => (call: Call) => {
  const repo = findRepo(call);
  return repo ? work(call, repo) : NOT_FOUND;
};

function installationFor(call: Call, login: string, type: "Organization" | "User"): Reply {
  const app = call.caller.type === "app" ? call.caller.app : null;
  const found = call.state.installations.find((one) => one.app === app && one.account.login.toLowerCase() === login.toLowerCase() && one.account.type === type);
  return found ? { status: 200, body: installationShape(call.base, found) } : NOT_FOUND;
}

function createToken(call: Call): Reply {
  const installation = call.state.installations.find((one) => one.id === Number(param(call, "installation_id")));
  if (!installation) return NOT_FOUND;
  if (installation.isSuspended) return error(403, "This installation has been suspended");
  const token = call.state.addToken({ installation, permissions: { ...installation.permissions } });
  return {
    status: 201,
    body: {
      token: token.value,
      expires_at: `${new Date(token.expiresAt).toISOString().slice(0, 19)}Z`,
      permissions: installation.permissions,
      repository_selection: installation.repositorySelection,
    },
  };
}

function createRepo(call: Call, login: string): Reply {
  const { state, body } = call;
  const owner = state.account(login);
  if (!owner) return NOT_FOUND;
  const name = String(body["name"]);
  if (!/^[\w.-]{1,100}$/.test(name)) return error(422, "Repository creation failed.", [{ resource: "Repository", code: "custom", field: "name", message: "name is invalid" }]);
  if (state.repo(login, name)) {
    return error(422, "Repository creation failed.", [{ resource: "Repository", code: "custom", field: "name", message: "name already exists on this account" }]);
  }
  const id = state.nextId();
  const dir = path.join(call.dir, `${id}.git`);
  initRepository(dir, "main");
  const { name: _n, description, homepage, private: isPrivate, visibility, ...settings } = body;
  const repo: Repo = {
    id,
    owner,
    name,
    description: typeof description === "string" ? description : null,
    homepage: typeof homepage === "string" ? homepage : null,
    isPrivate: isPrivate === true || (visibility !== undefined && visibility !== "public"),
    isArchived: false,
    defaultBranch: "main",
    topics: [],
    access: {},
    settings,
    rulesets: [],
    workflows: [],
    pulls: [],
    issues: [],
    extras: noExtras(),
    dir,
    createdAt: new Date().toISOString(),
  };
  state.repos.push(repo);
  return { status: 201, body: repoShape(call.base, repo) };
}

function updateRepo(call: Call, repo: Repo): Reply {
  const { name, description, homepage, private: isPrivate, archived, default_branch: branch, visibility: _v, ...settings } = call.body;
  if (repo.isArchived && archived !== false && Object.keys(call.body).some((key) => key !== "archived")) return error(403, "Repository was archived so is read-only.");
  if (typeof name === "string") repo.name = name;
  if (typeof description === "string") repo.description = description;
  if (typeof homepage === "string") repo.homepage = homepage;
  if (typeof isPrivate === "boolean") repo.isPrivate = isPrivate;
  if (typeof archived === "boolean") repo.isArchived = archived;
  if (typeof branch === "string") repo.defaultBranch = branch;
  Object.assign(repo.settings, settings);
  return { status: 200, body: repoShape(call.base, repo) };
}

function deleteRepo(call: Call, repo: Repo): Reply {
  call.state.repos.splice(call.state.repos.indexOf(repo), 1);
  rmSync(repo.dir, { recursive: true, force: true });
  return { status: 204 };
}

function replaceTopics(call: Call, repo: Repo): Reply {
  if (repo.isArchived) return error(403, "Repository was archived so is read-only.");
  const names = call.body["names"] as string[];
  const bad = names.find((name) => !/^[a-z0-9][a-z0-9-]{0,49}$/.test(name));
  if (bad) return error(422, "Validation Failed", ["Topics must start with a lowercase letter or number, consist of 50 characters or less, and can include hyphens."]);
  repo.topics = [...names];
  return { status: 200, body: { names } };
}

function rulesetShape(repo: Repo, ruleset: Repo["rulesets"][number]) {
  return { ...ruleset, source_type: "Repository", source: `${repo.owner.login}/${repo.name}` };
}

function saveRuleset(call: Call, repo: Repo): Reply {
  if (repo.isPrivate && repo.owner.plan === "free") return error(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.");
  const { name, enforcement, target = "branch", rules = [], conditions } = call.body;
  const id = Number(call.params["ruleset_id"] ?? 0);
  const known = repo.rulesets.find((one) => one.id === id);
  if (id && !known) return NOT_FOUND;
  if (!known && repo.rulesets.some((one) => one.name === name)) return error(422, "Validation Failed", ["Name must be unique"]);
  const made = { id: known?.id ?? call.state.nextId(), name: String(name), enforcement: String(enforcement), target: String(target), rules: rules as unknown[], conditions };
  if (known) Object.assign(known, made);
  else repo.rulesets.push(made);
  return { status: known ? 200 : 201, body: rulesetShape(repo, made) };
}

const findWorkflow = (call: Call, repo: Repo): Workflow | undefined =>
  repo.workflows.find((workflow) => workflow.file === param(call, "workflow_id") || String(workflow.id) === param(call, "workflow_id"));

function workflowShape({ base }: Call, repo: Repo, { id, name, file }: Workflow) {
  const url = `${base}/api/v3/repos/${repo.owner.login}/${repo.name}/actions/workflows/${id}`;
  const at = "2026-01-01T00:00:00.000Z";
  return { id, node_id: `F${id}`, name, path: `.github/workflows/${file}`, state: "active", created_at: at, updated_at: at, url, html_url: url, badge_url: url };
}

function dispatch(call: Call, repo: Repo): Reply {
  const workflow = findWorkflow(call, repo);
  if (!workflow) return NOT_FOUND;
  const { ref, inputs = {}, return_run_details: details } = call.body as { ref: string; inputs?: Record<string, unknown>; return_run_details?: boolean };
  if (ref === "no-such-branch") return error(422, `No ref found for: ${ref}`);
  const unexpected = Object.keys(inputs).filter((name) => !workflow.inputs.includes(name));
  if (unexpected.length) return error(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const id = call.state.nextId();
  const title = [workflow.name, ...Object.values(inputs)].join(" ");
  call.state.runs.push({
    id,
    repo,
    workflow,
    ref,
    inputs,
    title,
    looks: 0,
    isCancelled: false,
    log: "Run npm test\n##[error]2 tests failed\n",
    createdAt: new Date().toISOString(),
  });
  const url = `${call.base}/api/v3/repos/${repo.owner.login}/${repo.name}/actions/runs/${id}`;
  if (!details) return { status: 204 };
  return { status: 200, body: { workflow_run_id: id, run_url: url, html_url: `${call.base}/${repo.owner.login}/${repo.name}/actions/runs/${id}` } };
}

const findRun = (call: Call, repo: Repo) => call.state.runs.find((run) => run.repo === repo && run.id === Number(call.params["run_id"] ?? call.params["job_id"]));

function listRuns(call: Call, repo: Repo): Reply {
  const workflow = findWorkflow(call, repo);
  const event = call.query.get("event");
  const branch = call.query.get("branch");
  const runs = call.state.runs.filter((run) => run.workflow === workflow && (!branch || run.ref === branch) && (!event || event === "workflow_dispatch")).reverse();
  const shown = runs.slice(0, Number(call.query.get("per_page") ?? 30));
  return { status: 200, body: { total_count: runs.length, workflow_runs: shown.map((run) => runShape(call.base, run)) } };
}

const withRun = (work: (call: Call, run: NonNullable<ReturnType<typeof findRun>>) => Reply) =>
  withRepo((call, repo) => {
    const run = findRun(call, repo);
    return run ? work(call, run) : NOT_FOUND;
  });

function rate({ state }: Call): Reply {
  const { limit, remaining } = state.rate;
  const core = { limit, used: limit - remaining, remaining, reset: Math.floor(Date.now() / 1000) + 1800 };
  return { status: 200, body: { resources: { core, search: core }, rate: core } };
}

function whoAmI(call: Call): Reply {
  const login = call.caller.type === "token" ? call.caller.token.login : null;
  const account = login ? call.state.account(login) : undefined;
  return account ? { status: 200, body: publicUserShape(call.base, account) } : error(403, "Resource not accessible by integration");
}

function appShape(call: Call): Reply {
  if (call.caller.type !== "app") return error(401, "A JSON web token could not be decoded");
  const { id, slug } = call.caller.app;
  const owner = call.state.accounts[0];
  const at = "2026-01-01T00:00:00Z";
  const html = `${call.base}/apps/${slug}`;
  return {
    status: 200,
    body: {
      id,
      slug,
      name: slug,
      node_id: `P${id}`,
      client_id: `Iv${id}`,
      owner: owner ? accountShape(call.base, owner) : null,
      description: null,
      external_url: html,
      html_url: html,
      created_at: at,
      updated_at: at,
      permissions: {},
      events: [],
    },
  };
}

export const HANDLERS: Record<string, Handler> = {
  "apps/get-authenticated": { needs: "app", run: appShape },
  "apps/get-org-installation": { needs: "app", run: (call) => installationFor(call, param(call, "org"), "Organization") },
  "apps/get-user-installation": { needs: "app", run: (call) => installationFor(call, param(call, "username"), "User") },
  "apps/create-installation-access-token": { needs: "app", run: createToken },
  "users/get-authenticated": { needs: null, run: whoAmI },
  "users/get-by-username": {
    needs: null,
    run: (call) => {
      const account = call.state.account(param(call, "username"));
      return account ? { status: 200, body: publicUserShape(call.base, account) } : NOT_FOUND;
    },
  },
  "rate-limit/get": { needs: null, run: rate },
  "repos/create-in-org": { needs: "administration=write", scope: "repo", run: (call) => createRepo(call, param(call, "org")) },
  "repos/create-for-authenticated-user": {
    needs: "administration=write",
    scope: "repo",
    run: (call) => createRepo(call, (call.caller.type === "token" && call.caller.token.login) || ""),
  },
  "repos/get": { needs: "metadata=read", scope: "repo", run: withRepo((call, repo) => ({ status: 200, body: repoShape(call.base, repo) })) },
  "repos/update": { needs: "administration=write", scope: "repo", run: withRepo(updateRepo) },
  "repos/delete": { needs: "administration=write", scope: "delete_repo", run: withRepo(deleteRepo) },
  "repos/replace-all-topics": { needs: "administration=write", scope: "repo", run: withRepo(replaceTopics) },
  "teams/add-or-update-repo-permissions-in-org": {
    needs: "administration=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const slug = param(call, "team_slug");
      if (!repo.owner.teams.includes(slug)) return NOT_FOUND;
      repo.access[slug] = String(call.body["permission"] ?? "push");
      return { status: 204 };
    }),
  },
  "repos/get-repo-rulesets": {
    needs: "metadata=read",
    scope: "repo",
    run: withRepo((_, repo) => {
      if (repo.isPrivate && repo.owner.plan === "free") return error(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.");
      return { status: 200, body: repo.rulesets.map((one) => rulesetShape(repo, one)) };
    }),
  },
  "repos/create-repo-ruleset": { needs: "administration=write", scope: "repo", run: withRepo(saveRuleset) },
  "repos/update-repo-ruleset": { needs: "administration=write", scope: "repo", run: withRepo(saveRuleset) },
  "actions/get-workflow": {
    needs: "actions=read",
    scope: "repo",
    run: withRepo((call, repo) => {
      const workflow = findWorkflow(call, repo);
      return workflow ? { status: 200, body: workflowShape(call, repo, workflow) } : NOT_FOUND;
    }),
  },
  "actions/create-workflow-dispatch": { needs: "actions=write", scope: "repo", run: withRepo(dispatch) },
  "actions/list-workflow-runs": { needs: "actions=read", scope: "repo", run: withRepo(listRuns) },
  "actions/get-workflow-run": {
    needs: "actions=read",
    scope: "repo",
    run: withRun((call, run) => {
      const body = runShape(call.base, run);
      run.looks += 1;
      return { status: 200, body };
    }),
  },
  "actions/list-jobs-for-workflow-run": {
    needs: "actions=read",
    scope: "repo",
    run: withRun((call, run) => ({ status: 200, body: { total_count: 1, jobs: [jobShape(call.base, run)] } })),
  },
  "actions/download-job-logs-for-workflow-run": {
    needs: "actions=read",
    scope: "repo",
    run: withRun((call, run) =>
      stateOf(run).status === "completed" ? { status: 302, headers: { location: `${call.base.replace("127.0.0.1", "localhost")}/logs/${run.id}` } } : NOT_FOUND,
    ),
  },
  "actions/cancel-workflow-run": {
    needs: "actions=write",
    scope: "repo",
    run: withRun((_, run) => {
      if (stateOf(run).status === "completed") return error(409, "Cannot cancel a workflow run that is completed.");
      run.isCancelled = true;
      return { status: 202, body: {} };
    }),
  },
};

export function installationOf(caller: Caller): Installation | null {
  return caller.type === "token" ? caller.token.installation : null;
}
