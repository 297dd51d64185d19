import { execFileSync } from "node:child_process";
import { type Call, error, type Handler, param, type Reply, withRepo } from "./handlers";
import { sampleAnswer } from "./sample";
import { BOX_KEY, openBox } from "./sealed-box";
import type { Repo } from "./state";

// What the steps of templates ask of GitHub: pull requests, issues, and settings of a repository.

function branchTip(repo: Repo, branch: string): string | null {
  try {
    return execFileSync("git", ["--git-dir", repo.dir, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

const page = ({ base }: Call, repo: Repo, rest: string) => `${base}/${repo.owner.login}/${repo.name}/${rest}`;

function pullShape(call: Call, repo: Repo, pull: Repo["pulls"][number], id: string, status: number) {
  const { number, title, body, head, base, isDraft, state } = pull;
  return sampleAnswer(id, status, {
    number,
    title,
    body,
    draft: isDraft,
    state,
    html_url: page(call, repo, `pull/${number}`),
    head: { ref: head, sha: branchTip(repo, head) ?? "gone" },
    base: { ref: base },
  });
}

function listPulls(call: Call, repo: Repo): Reply {
  const [head, base] = [call.query.get("head")?.split(":")[1], call.query.get("base")];
  const found = repo.pulls.filter((pull) => pull.state === "open" && (!head || pull.head === head) && (!base || pull.base === base));
  return { status: 200, body: found.map((pull) => withoutExtras(pullShape(call, repo, pull, "pulls/create", 201))) };
}

/** Lists show fewer members than one pull request alone; what is the same in both is enough here. */
const withoutExtras = (pull: Record<string, unknown>) => pull;

function createPull(call: Call, repo: Repo): Reply {
  const { title, head, base, body, draft } = call.body as { title: string; head: string; base: string; body?: string; draft?: boolean };
  if (!branchTip(repo, head)) return error(422, "Validation Failed", [{ resource: "PullRequest", code: "invalid", field: "head" }]);
  if (!branchTip(repo, base)) return error(422, "Validation Failed", [{ resource: "PullRequest", code: "invalid", field: "base" }]);
  if (branchTip(repo, head) === branchTip(repo, base))
    return error(422, "Validation Failed", [{ resource: "PullRequest", code: "custom", message: `No commits between ${base} and ${head}` }]);
  if (repo.pulls.some((pull) => pull.state === "open" && pull.head === head && pull.base === base))
    return error(422, "Validation Failed", [{ resource: "PullRequest", code: "custom", message: `A pull request already exists for ${repo.owner.login}:${head}.` }]);
  const pull = { number: call.state.nextId(), title, body: body ?? null, head, base, isDraft: draft === true, state: "open" as const, reviewers: [], assignees: [] };
  repo.pulls.push(pull);
  return { status: 201, body: pullShape(call, repo, pull, "pulls/create", 201) };
}

function updatePull(call: Call, repo: Repo): Reply {
  const pull = repo.pulls.find(({ number }) => number === Number(param(call, "pull_number")));
  if (!pull) return error(404, "Not Found");
  if (repo.isArchived) return error(403, "Repository was archived so is read-only.");
  const { state, title, body } = call.body as { state?: "open" | "closed"; title?: string; body?: string };
  Object.assign(pull, { ...(state ? { state } : {}), ...(title ? { title } : {}), ...(body === undefined ? {} : { body }) });
  return { status: 200, body: pullShape(call, repo, pull, "pulls/update", 200) };
}

const hookShape = (hook: Record<string, unknown>) => sampleAnswer("repos/create-webhook", 201, { id: Number(hook["id"]), config: hook["config"] as object });

function createHook(call: Call, repo: Repo): Reply {
  const hook = { id: call.state.nextId(), ...call.params, ...call.body };
  repo.extras.hooks.push(hook);
  return { status: 201, body: hookShape(hook) };
}

function deleteHook(call: Call, repo: Repo): Reply {
  const at = repo.extras.hooks.findIndex((hook) => hook["id"] === Number(param(call, "hook_id")));
  if (at < 0) return error(404, "Not Found");
  repo.extras.hooks.splice(at, 1);
  return { status: 204 };
}

function requestReview(call: Call, repo: Repo): Reply {
  const pull = repo.pulls.find(({ number }) => number === Number(param(call, "pull_number")));
  if (!pull) return error(404, "Not Found");
  const names = (call.body["reviewers"] ?? []) as string[];
  const unknown = names.find((name) => !call.state.account(name));
  if (unknown) return error(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.");
  pull.reviewers.push(...names, ...((call.body["team_reviewers"] ?? []) as string[]));
  return { status: 201, body: sampleAnswer("pulls/request-reviewers", 201, { number: pull.number }) };
}

function createIssue(call: Call, repo: Repo): Reply {
  const { title, body, labels = [] } = call.body as { title: string; body?: string; labels?: string[] };
  const issue = { number: call.state.nextId(), title, body: body ?? "", labels: [...labels] };
  repo.issues.push(issue);
  return { status: 201, body: sampleAnswer("issues/create", 201, { number: issue.number, title, body: issue.body, html_url: page(call, repo, `issues/${issue.number}`) }) };
}

const listIssues = (call: Call, repo: Repo): Reply => ({
  status: 200,
  body: repo.issues.map(({ number, title, body }) => sampleAnswer("issues/create", 201, { number, title, body, html_url: page(call, repo, `issues/${number}`) })),
});

function addLabels(call: Call, repo: Repo): Reply {
  const issue = repo.issues.find(({ number }) => number === Number(param(call, "issue_number")));
  if (!issue) return error(404, "Not Found");
  issue.labels.push(...((call.body["labels"] ?? []) as string[]));
  return { status: 200, body: [] };
}

const keep = (key: keyof Repo["extras"], id: string, status: number) =>
  withRepo((call, repo) => {
    repo.extras[key].push({ ...call.params, ...call.body });
    return { status, body: sampleAnswer(id, status, {}) };
  });

function createKey(call: Call, repo: Repo): Reply {
  const key = String(call.body["key"]).split(" ").slice(0, 2).join(" ");
  const isTaken = call.state.repos.some((one) => one.extras.keys.some((known) => known["key"] === key));
  if (isTaken || !/^ssh-\w+ \S+/.test(key)) return error(422, "Validation Failed", [{ resource: "PublicKey", code: "custom", field: "key", message: "key is already in use" }]);
  repo.extras.keys.push({ ...call.body, key });
  return { status: 201, body: sampleAnswer("repos/create-deploy-key", 201, { id: repo.extras.keys.length, key }) };
}

/** Opens what was sent as GitHub would; what cannot be opened is refused. */
function keepSecret(call: Call, repo: Repo): Reply {
  const [name, environment] = [param(call, "secret_name"), call.params["environment_name"] ?? null];
  const value = call.body["key_id"] === BOX_KEY.id ? openBox(String(call.body["encrypted_value"])) : null;
  if (value === null) return error(422, "Bad request - Secret is not encrypted with the public key");
  if (environment && !repo.extras.environments.some((one) => one["environment_name"] === environment)) return error(404, "Not Found");
  const known = repo.extras.secrets.find((one) => one["name"] === name && one["environment"] === environment);
  if (known) known["value"] = value;
  else repo.extras.secrets.push({ name, environment, value });
  return known ? { status: 204 } : { status: 201, body: {} };
}

const boxKey = (): Reply => ({ status: 200, body: { key_id: BOX_KEY.id, key: BOX_KEY.publicKey } });

export const TEMPLATE_HANDLERS: Record<string, Handler> = {
  "pulls/list": { needs: "pull_requests=read", scope: "repo", run: withRepo(listPulls) },
  "pulls/create": { needs: "pull_requests=write", scope: "repo", run: withRepo(createPull) },
  "pulls/update": { needs: "pull_requests=write", scope: "repo", run: withRepo(updatePull) },
  "pulls/request-reviewers": { needs: "pull_requests=write", scope: "repo", run: withRepo(requestReview) },
  "issues/list-for-repo": { needs: "issues=read", scope: "repo", run: withRepo(listIssues) },
  "issues/create": { needs: "issues=write", scope: "repo", run: withRepo(createIssue) },
  "issues/add-labels": { needs: "issues=write", scope: "repo", run: withRepo(addLabels) },
  "repos/list-webhooks": {
    needs: "repository_hooks=read",
    scope: "repo",
    run: withRepo((_, repo) => ({ status: 200, body: repo.extras.hooks.map(hookShape) })),
  },
  "repos/create-webhook": { needs: "repository_hooks=write", scope: "repo", run: withRepo(createHook) },
  "repos/delete-webhook": { needs: "repository_hooks=write", scope: "repo", run: withRepo(deleteHook) },
  "repos/list-autolinks": {
    needs: "administration=read",
    scope: "repo",
    run: withRepo((_, repo) => ({ status: 200, body: repo.extras.autolinks.map((link) => sampleAnswer("repos/create-autolink", 201, { key_prefix: link["key_prefix"] })) })),
  },
  "repos/create-autolink": { needs: "administration=write", scope: "repo", run: keep("autolinks", "repos/create-autolink", 201) },
  "repos/create-or-update-environment": { needs: "administration=write", scope: "repo", run: keep("environments", "repos/create-or-update-environment", 200) },
  "actions/create-environment-variable": {
    needs: "environments=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const known = repo.extras.variables.some((one) => one["name"] === call.body["name"] && one["environment_name"] === param(call, "environment_name"));
      if (known) return error(409, "Already exists");
      repo.extras.variables.push({ ...call.params, ...call.body });
      return { status: 201, body: {} };
    }),
  },
  "actions/update-environment-variable": {
    needs: "environments=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const known = repo.extras.variables.find((one) => one["name"] === param(call, "name"));
      if (!known) return error(404, "Not Found");
      known["value"] = call.body["value"];
      return { status: 204 };
    }),
  },
  "actions/create-repo-variable": {
    needs: "variables=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      if (repo.extras.variables.some((one) => one["name"] === call.body["name"] && !one["environment_name"])) return error(409, "Already exists");
      repo.extras.variables.push({ ...call.body });
      return { status: 201, body: {} };
    }),
  },
  "actions/update-repo-variable": {
    needs: "variables=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const known = repo.extras.variables.find((one) => one["name"] === param(call, "name") && !one["environment_name"]);
      if (!known) return error(404, "Not Found");
      known["value"] = call.body["value"];
      return { status: 204 };
    }),
  },
  "repos/list-deploy-keys": {
    needs: "administration=read",
    scope: "repo",
    run: withRepo((_, repo) => ({ status: 200, body: repo.extras.keys.map(({ key }, index) => sampleAnswer("repos/create-deploy-key", 201, { id: index + 1, key })) })),
  },
  "repos/create-deploy-key": { needs: "administration=write", scope: "repo", run: withRepo(createKey) },
  "actions/get-repo-public-key": { needs: "secrets=read", scope: "repo", run: withRepo(boxKey) },
  "actions/get-environment-public-key": { needs: "environments=read", scope: "repo", run: withRepo(boxKey) },
  "actions/create-or-update-repo-secret": { needs: "secrets=write", scope: "repo", run: withRepo(keepSecret) },
  "actions/create-or-update-environment-secret": { needs: "environments=write", scope: "repo", run: withRepo(keepSecret) },
  "teams/get-by-name": {
    needs: "members=read",
    scope: "read:org",
    run: (call) => {
      const slug = param(call, "team_slug");
      const org = call.state.account(param(call, "org"));
      return org?.teams.includes(slug)
        ? { status: 200, body: sampleAnswer("teams/get-by-name", 200, { id: 700 + org.teams.indexOf(slug), slug, name: slug }) }
        : error(404, "Not Found");
    },
  },
  "repos/list-deployment-branch-policies": {
    needs: "actions=read",
    scope: "repo",
    run: withRepo((call, repo) => {
      const own = repo.extras.policies.filter((one) => one["environment_name"] === param(call, "environment_name"));
      return { status: 200, body: { total_count: own.length, branch_policies: own.map((one, index) => ({ id: index + 1, name: one["name"], type: one["type"] })) } };
    }),
  },
  "repos/create-deployment-branch-policy": {
    needs: "administration=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const environment = repo.extras.environments.find((one) => one["environment_name"] === param(call, "environment_name"));
      if (!(environment?.["deployment_branch_policy"] as { custom_branch_policies?: boolean } | undefined)?.custom_branch_policies) return error(404, "Not Found");
      repo.extras.policies.push({ ...call.params, ...call.body });
      return { status: 200, body: { id: repo.extras.policies.length, name: call.body["name"], type: call.body["type"] } };
    }),
  },
  "repos/create-commit-signature-protection": {
    needs: "administration=write",
    scope: "repo",
    run: withRepo((call, repo) => {
      const protection = repo.extras.protections.find((one) => one["branch"] === param(call, "branch"));
      if (!protection) return error(404, "Branch not protected");
      protection["signed"] = true;
      return { status: 200, body: { url: "https://api.github.com/x", enabled: true } };
    }),
  },
  "repos/get-pages": {
    needs: "pages=read",
    scope: "repo",
    run: withRepo((_, repo) => (repo.extras.pages.length > 0 ? { status: 200, body: sampleAnswer("repos/get-pages", 200, {}) } : error(404, "Not Found"))),
  },
  "repos/create-pages-site": { needs: "pages=write", scope: "repo", run: keep("pages", "repos/create-pages-site", 201) },
  "repos/update-branch-protection": { needs: "administration=write", scope: "repo", run: keep("protections", "repos/update-branch-protection", 200) },
};
