import type { Account, Installation, Repo, RunState, WorkflowRun } from "./state";

// State as GitHub's JSON. What we never read is there all the same, so that answers pass GitHub's own description.

const REPO_URLS =
  "archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees".split(
    " ",
  );
const USER_URLS = "followers following gists starred subscriptions organizations repos events received_events".split(" ");

const urls = (names: string[], base: string) => Object.fromEntries(names.map((name) => [`${name}_url`, `${base}/${name}`]));

export function accountShape(base: string, { id, login, type }: Account) {
  const url = `${base}/api/v3/users/${login}`;
  return { id, login, type, node_id: `A${id}`, avatar_url: `${base}/a/${id}`, gravatar_id: "", url, html_url: `${base}/${login}`, site_admin: false, ...urls(USER_URLS, url) };
}

export function publicUserShape(base: string, account: Account) {
  const nothing = { name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null };
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
  return { ...accountShape(base, account), ...nothing, ...counts, created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" };
}

export function repoShape(base: string, repo: Repo) {
  const { id, owner, name } = repo;
  const url = `${base}/api/v3/repos/${owner.login}/${name}`;
  const html = `${base}/${owner.login}/${name}`;
  const counts = Object.fromEntries(
    ["forks", "forks_count", "open_issues", "open_issues_count", "stargazers_count", "watchers", "watchers_count", "network_count", "subscribers_count", "size"].map((key) => [
      key,
      0,
    ]),
  );
  const flags = { fork: false, has_issues: true, has_projects: true, has_wiki: true, has_pages: false, has_discussions: false, disabled: false };
  return {
    ...urls(REPO_URLS, url),
    ...counts,
    ...flags,
    ...repo.settings,
    id,
    name,
    node_id: `R${id}`,
    full_name: `${owner.login}/${name}`,
    owner: accountShape(base, owner),
    private: repo.isPrivate,
    visibility: repo.isPrivate ? "private" : "public",
    archived: repo.isArchived,
    description: repo.description,
    homepage: repo.homepage,
    default_branch: repo.defaultBranch,
    topics: repo.topics,
    url,
    html_url: html,
    clone_url: `${html}.git`,
    git_url: `git:${html.replace(/^http:/, "")}.git`,
    ssh_url: `git@localhost:${owner.login}/${name}.git`,
    svn_url: html,
    mirror_url: null,
    language: null,
    license: null,
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    pushed_at: repo.pushedAt ?? repo.createdAt,
  };
}

export function installationShape(base: string, { id, app, account, permissions, repositorySelection, isSuspended }: Installation) {
  return {
    id,
    account: accountShape(base, account),
    access_tokens_url: `${base}/api/v3/app/installations/${id}/access_tokens`,
    repositories_url: `${base}/api/v3/installation/repositories`,
    html_url: `${base}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    repository_selection: repositorySelection,
    permissions,
    events: [],
    single_file_name: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    suspended_by: null,
    suspended_at: isSuspended ? "2026-01-02T00:00:00Z" : null,
  };
}

/** Where a run is after so many looks at it. */
export function stateOf(run: WorkflowRun): RunState {
  const { course } = run.workflow;
  const state = course[Math.min(run.looks, course.length - 1)] ?? { status: "completed", conclusion: "success", steps: [] };
  return run.isCancelled ? { ...state, status: "completed", conclusion: "cancelled" } : state;
}

export function runShape(base: string, run: WorkflowRun) {
  const { id, repo, workflow, createdAt } = run;
  const url = `${base}/api/v3/repos/${repo.owner.login}/${repo.name}/actions/runs/${id}`;
  const { status, conclusion } = stateOf(run);
  const { has_issues: _i, has_projects: _p, has_wiki: _w, has_pages: _g, ...minimal } = repoShape(base, repo);
  const sha = "0".repeat(40);
  const person = { name: "x", email: "x@example.com" };
  return {
    ...urls(["jobs", "logs", "check_suite", "cancel", "rerun", "artifacts", "workflow"], url),
    id,
    node_id: `W${id}`,
    name: workflow.name,
    display_title: run.title,
    head_branch: run.ref,
    head_sha: sha,
    path: `.github/workflows/${workflow.file}`,
    run_number: id,
    event: "workflow_dispatch",
    status,
    conclusion,
    workflow_id: workflow.id,
    url,
    html_url: `${base}/${repo.owner.login}/${repo.name}/actions/runs/${id}`,
    pull_requests: [],
    created_at: createdAt,
    updated_at: createdAt,
    repository: minimal,
    head_repository: minimal,
    head_commit: { id: sha, tree_id: sha, message: "x", timestamp: createdAt, author: person, committer: person },
  };
}

export function jobShape(base: string, run: WorkflowRun) {
  const { status, conclusion, steps } = stateOf(run);
  const url = `${base}/api/v3/repos/${run.repo.owner.login}/${run.repo.name}/actions/jobs/${run.id}`;
  const at = run.createdAt;
  return {
    id: run.id,
    run_id: run.id,
    node_id: `J${run.id}`,
    run_url: `${base}/api/v3/repos/${run.repo.owner.login}/${run.repo.name}/actions/runs/${run.id}`,
    head_sha: "0".repeat(40),
    head_branch: run.ref,
    workflow_name: run.workflow.name,
    name: "build",
    url,
    html_url: `${base}/${run.repo.owner.login}/${run.repo.name}/actions/runs/${run.id}/job/${run.id}`,
    status,
    conclusion,
    created_at: at,
    started_at: at,
    completed_at: status === "completed" ? at : null,
    check_run_url: url,
    labels: ["ubuntu-24.04"],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    steps: steps.map((step, index) => ({ ...step, number: index + 1, started_at: at, completed_at: step.status === "completed" ? at : null })),
  };
}
