import { createPublicKey, type KeyObject, randomBytes } from "node:crypto";

export interface Account {
  id: number;
  login: string;
  type: "Organization" | "User";
  /** `free` refuses rulesets on private repositories, as GitHub does. */
  plan: "free" | "team";
  /** Slugs of an organisation's teams. */
  teams: string[];
}

export interface Repo {
  id: number;
  owner: Account;
  name: string;
  description: string | null;
  homepage: string | null;
  isPrivate: boolean;
  isArchived: boolean;
  defaultBranch: string;
  topics: string[];
  settings: Record<string, unknown>;
  /** What teams may do, by slug. */
  access: Record<string, string>;
  /** When it was last pushed to; when it was made where nothing says so. */
  pushedAt?: string;
  rulesets: { id: number; name: string; enforcement: string; target: string; rules: unknown[]; conditions: unknown }[];
  workflows: Workflow[];
  pulls: { number: number; title: string; body: string | null; head: string; base: string; isDraft: boolean; state: "open" | "closed"; reviewers: string[]; assignees: string[] }[];
  issues: { number: number; title: string; body: string; labels: string[] }[];
  /** What else was asked for, as it was asked. */
  extras: Record<"hooks" | "autolinks" | "environments" | "variables" | "pages" | "policies" | "protections" | "keys" | "secrets", Record<string, unknown>[]>;
  /** The bare repository behind it. */
  dir: string;
  createdAt: string;
}

export interface Workflow {
  id: number;
  file: string;
  name: string;
  inputs: string[];
  /** What its runs go through, one entry per look; the last one stays. */
  course: RunState[];
}

export interface RunState {
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  steps: { name: string; status: "queued" | "in_progress" | "completed"; conclusion: string | null }[];
}

export interface WorkflowRun {
  id: number;
  repo: Repo;
  workflow: Workflow;
  ref: string;
  inputs: Record<string, unknown>;
  title: string;
  looks: number;
  isCancelled: boolean;
  log: string;
  createdAt: string;
}

export interface App {
  id: number;
  slug: string;
  publicKey: KeyObject;
}

export interface Installation {
  id: number;
  app: App;
  account: Account;
  permissions: Record<string, string>;
  repositorySelection: "all" | "selected";
  isSuspended: boolean;
}

export interface Token {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  permissions: Record<string, string>;
  login: string | null;
  /** Of a classic token; null for a fine-grained one. */
  scopes: string[] | null;
  installation: Installation | null;
  needsSso: boolean;
}

export const EVERYTHING: Record<string, string> = {
  metadata: "read",
  administration: "write",
  contents: "write",
  workflows: "write",
  actions: "write",
  members: "read",
  deployments: "read",
  pull_requests: "write",
  issues: "write",
  repository_hooks: "write",
  environments: "write",
  secrets: "write",
  pages: "write",
  variables: "write",
};

export const noExtras = (): Repo["extras"] => ({ hooks: [], autolinks: [], environments: [], variables: [], pages: [], policies: [], protections: [], keys: [], secrets: [] });

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Everything the fake knows. Names compare without case, as on GitHub. */
export class State {
  private lastId = 1000;
  readonly accounts: Account[] = [];
  readonly repos: Repo[] = [];
  readonly apps: App[] = [];
  readonly installations: Installation[] = [];
  readonly tokens: Token[] = [];
  readonly runs: WorkflowRun[] = [];
  tokenLifeMs = 3600_000;

  /** Entries after which a recursive tree is cut. */
  maxTree = 100_000;
  /** Requests of this hour; where it `counts`, each answer but a 304 and the limit itself takes one. */
  readonly rate = { limit: 5000, remaining: 4990, counts: false };

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  addAccount(login: string, type: Account["type"], plan: Account["plan"] = "team"): Account {
    const account = { id: this.nextId(), login, type, plan, teams: [] };
    this.accounts.push(account);
    return account;
  }

  account(login: string): Account | undefined {
    return this.accounts.find((account) => same(account.login, login));
  }

  repo(owner: string, name: string): Repo | undefined {
    return this.repos.find((repo) => same(repo.owner.login, owner) && same(repo.name, name));
  }

  addApp(slug: string, privateKey: string): App {
    const app = { id: this.nextId(), slug, publicKey: createPublicKey(privateKey) };
    this.apps.push(app);
    return app;
  }

  install(app: App, account: Account, permissions: Record<string, string> = EVERYTHING): Installation {
    const installation: Installation = { id: this.nextId(), app, account, permissions: { ...permissions }, repositorySelection: "all", isSuspended: false };
    this.installations.push(installation);
    return installation;
  }

  addToken(options: Partial<Token> = {}): Token {
    const token: Token = {
      value: `${options.installation ? "ghs" : "ghp"}_${randomBytes(18).toString("hex")}`,
      expiresAt: Date.now() + this.tokenLifeMs,
      permissions: { ...EVERYTHING },
      login: null,
      scopes: null,
      installation: null,
      needsSso: false,
      ...options,
    };
    this.tokens.push(token);
    return token;
  }
}
