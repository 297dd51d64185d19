import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { sha256 } from "../core/secrets";
import { TokenCache } from "./app-tokens";
import { type GithubConnection, webOrigin } from "./connection";
import { explain } from "./explain";
import { isGithubFailure } from "./failure";
import { findInstallation, type Installation } from "./installation";
import { observed, wholeAnswers } from "./transport";

// The library writes to the console; our own line per request is in transport.ts.
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export type GithubRest = Octokit["rest"];

interface Answer<T> {
  data: T;
  status: number;
  headers: Record<string, string | number | undefined>;
}

/** GitHub for one connection. Every method throws GithubFailure, and nothing else. */
export interface GithubClient {
  readonly owner: string;
  readonly apiUrl: string;
  /** Origin of pages and git addresses. The token goes there and to the API, nowhere else. */
  readonly webUrl: string;
  readonly auth: "app" | "token";
  /**
   * One request. `doing` completes "GitHub did not …", for example "create the repository acme/shop". Reads are tried up to
   * three times; writes once, because a repeat of a write whose answer was lost is the caller's to reconcile.
   */
  call<T>(doing: string, request: (rest: GithubRest) => Promise<Answer<T>>): Promise<Answer<T>>;
  /** A token for git over HTTPS (user name `x-access-token`), valid for at least five minutes. */
  gitToken(): Promise<string>;
  /** Where the App is installed for the owner; null with a token. */
  installation(): Promise<Installation | null>;
  /** The next call takes a new installation token, which has what was granted meanwhile. */
  forgetTokens(): void;
}

interface Options {
  timeoutMs?: number;
}

const store = globalThis as typeof globalThis & { __waymarkGithub?: Map<string, GithubClient> };

/** The client of a connection; the same one for equal connections, so that its installation token is used until it ends. */
export function githubClientFor(connection: GithubConnection): GithubClient {
  store.__waymarkGithub ??= new Map();
  const key = sha256(JSON.stringify(connection));
  const known = store.__waymarkGithub.get(key);
  if (known) return known;
  store.__waymarkGithub.clear();
  const made = createGithubClient(connection);
  store.__waymarkGithub.set(key, made);
  return made;
}

/** A client without shared state. A request ends after `timeoutMs`, 15 s by default. */
export function createGithubClient(connection: GithubConnection, { timeoutMs = 15_000 }: Options = {}): GithubClient {
  const { apiUrl, owner, auth } = connection;
  const asked = { auth: auth.type, apiUrl };
  const tokens = new TokenCache();
  const octokit = (options: ConstructorParameters<typeof Octokit>[0]) =>
    observed(new Octokit({ ...options, baseUrl: apiUrl, userAgent: "waymark", log: SILENT, request: { fetch: wholeAnswers(timeoutMs), log: SILENT } }));
  const asApp = auth.type === "app" ? octokit({ authStrategy: createAppAuth, auth: { appId: auth.appId, privateKey: auth.privateKey } }) : null;

  const installation = memo(async () => (asApp ? findInstallation(asApp, owner, asked) : null));
  const working = memo(async () => {
    if (auth.type === "token") return octokit({ auth: auth.token });
    const { id: installationId } = (await installation()) ?? {};
    return octokit({ authStrategy: createAppAuth, auth: { appId: auth.appId, privateKey: auth.privateKey, installationId, cache: tokens } });
  });
  const forgetTokens = () => {
    tokens.forget();
    installation.forget();
    working.forget();
  };

  return {
    owner,
    apiUrl,
    webUrl: webOrigin(apiUrl),
    auth: auth.type,
    installation,
    forgetTokens,
    async call(doing, request) {
      const client = await explained(working, { ...asked, doing: "accept the connection" });
      return explained(() => request(client.rest), { ...asked, doing }).catch((error: unknown) => {
        if (isGithubFailure(error, "missing-permission", "suspended", "bad-credentials")) forgetTokens();
        throw error;
      });
    },
    async gitToken() {
      if (auth.type === "token") return auth.token;
      const client = await explained(working, { ...asked, doing: "accept the connection" });
      const made = await explained(() => client.auth({ type: "installation" }) as Promise<{ token: string }>, { ...asked, doing: "give the App an installation token" });
      return made.token;
    },
  };
}

async function explained<T>(work: () => Promise<T>, asked: Parameters<typeof explain>[1]): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, asked);
  }
}

/** What an async function returned, until it is forgotten; a failure is not kept. */
function memo<T>(make: () => Promise<T>): (() => Promise<T>) & { forget(): void } {
  let kept: Promise<T> | null = null;
  const forget = () => {
    kept = null;
  };
  const get = () => {
    kept ??= make().catch((error: unknown) => {
      forget();
      throw error;
    });
    return kept;
  };
  return Object.assign(get, { forget });
}
