import { execFileSync } from "node:child_process";
import { createGithubClient, type GithubClient } from "@/lib/github/client";
import type { GithubAuth } from "@/lib/github/connection";
import { type FakeGithub, startFakeGithub } from "./fake";
import { initRepository } from "./git-backend";
import { type Account, EVERYTHING, type Installation, noExtras, type Repo, type Workflow } from "./state";

export interface Scene {
  fake: FakeGithub;
  org: Account;
  installation: Installation;
  app: GithubAuth;
  token: GithubAuth;
  /** A client that gives up early, so that silence is cheap. */
  client(auth?: GithubAuth): GithubClient;
}

/** A fake with the organisation acme, the person octo with a fine-grained token, and an App installed for acme. */
export async function aScene(plan: Account["plan"] = "team"): Promise<Scene> {
  const fake = await startFakeGithub();
  const org = fake.state.addAccount("acme", "Organization", plan);
  fake.state.addAccount("octo", "User");
  const app = fake.state.addApp("waymark-acme", fake.privateKey);
  const installation = fake.state.install(app, org);
  const token: GithubAuth = { type: "token", token: fake.state.addToken({ login: "octo", permissions: { ...EVERYTHING } }).value };
  const appAuth: GithubAuth = { type: "app", appId: String(app.id), privateKey: fake.privateKey };
  return { fake, org, installation, app: appAuth, token, client: (auth = token) => createGithubClient({ apiUrl: fake.apiUrl, owner: "acme", auth }, { timeoutMs: 400 }) };
}

/** A repository that somebody else made. */
export function aForeignRepo({ fake, org }: Scene, name: string, extra: Partial<Repo> = {}): Repo {
  const id = fake.state.nextId();
  const repo: Repo = {
    id,
    owner: org,
    name,
    description: "somebody else's",
    homepage: null,
    isPrivate: true,
    isArchived: false,
    defaultBranch: "main",
    topics: [],
    access: {},
    settings: {},
    rulesets: [],
    workflows: [],
    pulls: [],
    issues: [],
    extras: noExtras(),
    dir: fake.directoryFor(id),
    createdAt: "2026-01-01T00:00:00Z",
    ...extra,
  };
  initRepository(repo.dir, repo.defaultBranch);
  fake.state.repos.push(repo);
  return repo;
}

/** Makes these files the whole content of a repository's default branch, in one commit. */
export function commitFiles(repo: Repo, files: Record<string, string>, at = "2026-02-01T00:00:00Z"): string {
  const env = {
    PATH: process.env["PATH"] ?? "",
    GIT_AUTHOR_NAME: "Octo",
    GIT_AUTHOR_EMAIL: "o@x",
    GIT_COMMITTER_NAME: "Octo",
    GIT_COMMITTER_EMAIL: "o@x",
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
  };
  const stream = Object.entries(files).map(([name, text]) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  const head = `commit refs/heads/${repo.defaultBranch}\ncommitter Octo <o@x> ${Math.floor(Date.parse(at) / 1000)} +0000\ndata 6\nChange\ndeleteall\n`;
  execFileSync("git", ["--git-dir", repo.dir, "fast-import", "--quiet", "--force"], { input: `${head}${stream.join("")}`, env: env as unknown as NodeJS.ProcessEnv });
  repo.pushedAt = at;
  return execFileSync("git", ["--git-dir", repo.dir, "rev-parse", repo.defaultBranch], { encoding: "utf8" }).trim();
}

export function aWorkflow({ fake }: Scene, repo: Repo, workflow: Partial<Workflow> = {}): Workflow {
  const made: Workflow = { id: fake.state.nextId(), file: "deploy.yml", name: "Deploy", inputs: ["environment", "run"], course: [], ...workflow };
  repo.workflows.push(made);
  return made;
}
