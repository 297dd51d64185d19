import type { GithubClient } from "./client";
import { GithubFailure, isGithubFailure } from "./failure";
import type { Installation } from "./installation";
import { isGranted, NEEDED_PERMISSIONS, permissionTitle } from "./permissions";

export interface GithubReport {
  /** Who Waymark is there, for example `App waymark-acme` or `octocat`; null when GitHub did not say. */
  identity: string | null;
  /** Why repositories cannot be made with this connection; null when nothing speaks against it. */
  problem: { cause: string; whoCanFix: string; nextAction: string } | null;
  permissions: { title: string; purpose: string; needed: boolean; state: "granted" | "missing" | "unknown" }[];
  warnings: string[];
  /** Requests left in the hour; null where the server does not count. */
  rate: { limit: number; remaining: number; resetAt: string } | null;
}

type Needed = (typeof NEEDED_PERMISSIONS)[number];
type Granted = (permission: Needed) => "granted" | "missing" | "unknown";
type Seen = Omit<GithubReport, "problem" | "permissions"> & { granted: Granted };

/** Asks GitHub who we are, what we may do and how many requests are left. A failure is part of the report, never thrown. */
export async function checkGithub(client: GithubClient): Promise<GithubReport> {
  client.forgetTokens();
  try {
    const seen = client.auth === "app" ? await asApp(client) : await asToken(client);
    const { granted, ...rest } = seen;
    const permissions = NEEDED_PERMISSIONS.map((entry) => ({ title: permissionTitle(entry.permission), purpose: entry.purpose, needed: entry.needed, state: granted(entry) }));
    const missing = permissions.filter(({ needed, state }) => needed && state === "missing").map(({ title }) => title);
    return { ...rest, permissions, problem: missing.length ? lacking(client, missing) : null };
  } catch (error) {
    if (!(error instanceof GithubFailure)) throw error;
    const { cause, whoCanFix, nextAction } = error.outcome;
    return { identity: null, problem: { cause, whoCanFix, nextAction }, permissions: [], warnings: [], rate: null };
  }
}

function lacking(client: GithubClient, missing: string[]): GithubReport["problem"] {
  const who = client.auth === "app" ? "The App" : "The token";
  const grant = client.auth === "app" ? "Grant it in the App's settings, and accept the change for the organisation." : "Give the token these rights, or make a new one.";
  return { cause: `${who} lacks ${missing.join(" and ")}.`, whoCanFix: "platform-team", nextAction: grant };
}

/**
 * Throws GithubFailure `missing-permission` or `suspended` when it is known that a repository could be created but not filled,
 * so that nothing is left half made. What a fine-grained token may do is not known beforehand.
 */
export async function requireRights(client: GithubClient): Promise<void> {
  // What was granted is asked anew: an admin may have changed it since the last time.
  client.forgetTokens();
  const missing = await missingRights(client);
  if (missing.length === 0) return;
  const { cause = "", nextAction = "" } =
    lacking(
      client,
      missing.map(({ permission }) => permissionTitle(permission)),
    ) ?? {};
  throw new GithubFailure({
    problem: "missing-permission",
    cause,
    whoCanFix: "platform-team",
    nextAction: `${nextAction} Then retry.`,
    permissions: missing.map(({ permission }) => permission),
  });
}

async function missingRights(client: GithubClient): Promise<Needed[]> {
  const granted = client.auth === "app" ? appGrants(await activeInstallation(client)) : tokenGrants((await whoseToken(client)).headers);
  return NEEDED_PERMISSIONS.filter((entry) => entry.needed && granted(entry) === "missing");
}

const whoseToken = (client: GithubClient) => client.call("say whose token this is", (rest) => rest.users.getAuthenticated());

async function activeInstallation(client: GithubClient): Promise<Installation | null> {
  const installation = await client.installation();
  if (!installation?.isSuspended) return installation;
  client.forgetTokens();
  throw new GithubFailure({
    problem: "suspended",
    cause: `The installation of the App for ${client.owner} is suspended.`,
    whoCanFix: "platform-team",
    nextAction: "Ask an owner of the organisation to unsuspend it (Settings, GitHub Apps), then retry.",
  });
}

const appGrants =
  (installation: Installation | null): Granted =>
  ({ permission }) =>
    isGranted(installation?.permissions ?? {}, permission) ? "granted" : "missing";

function tokenGrants(headers: Record<string, string | number | undefined>): Granted {
  const header = headers["x-oauth-scopes"];
  if (header === undefined) return () => "unknown";
  const scopes = String(header).split(/,\s*/);
  return ({ scope }) => (scopes.includes(scope) ? "granted" : "missing");
}

async function asApp(client: GithubClient): Promise<Seen> {
  const installation = await activeInstallation(client);
  const { data: app } = await client.call("say which App this is", (rest) => rest.apps.getAuthenticated());
  await organisationOf(client, null);
  const warnings =
    installation?.repositorySelection === "selected"
      ? ["The App is installed for selected repositories only. It may not see the repositories it makes: choose All repositories in its installation."]
      : [];
  return {
    identity: `App ${app?.slug ?? app?.name ?? ""}`,
    granted: appGrants(installation),
    warnings,
    rate: await rateOf(client),
  };
}

async function asToken(client: GithubClient): Promise<Seen> {
  const { data: user, headers } = await whoseToken(client);
  await organisationOf(client, user.login);
  const isClassic = headers["x-oauth-scopes"] !== undefined;
  const ends = headers["github-authentication-token-expiration"];
  const warnings = [
    ...(ends ? [`The token ends on ${String(ends).slice(0, 10)}. Waymark stops reaching GitHub then: put a new one here before.`] : []),
    ...(isClassic ? [] : ["GitHub does not tell what a fine-grained token may do. Compare its permissions with this list."]),
  ];
  return {
    identity: user.login,
    granted: tokenGrants(headers),
    warnings,
    rate: await rateOf(client),
  };
}

/** Throws unless repositories can be made for the owner by this identity. */
async function organisationOf(client: GithubClient, login: string | null): Promise<void> {
  const { data } = await client.call(`find ${client.owner}`, (rest) => rest.users.getByUsername({ username: client.owner }));
  if (data.type === "Organization" || data.login.toLowerCase() === login?.toLowerCase()) return;
  throw new GithubFailure({
    problem: "invalid",
    cause: `${client.owner} is a person, and ${login ? `the token belongs to ${login}` : "an App cannot make repositories for a person"}.`,
    whoCanFix: "platform-team",
    nextAction: login ? "Name an organisation, or use a token of that person." : "Name an organisation that the App is installed for.",
  });
}

async function rateOf(client: GithubClient): Promise<GithubReport["rate"]> {
  try {
    const { core } = (await client.call("tell the rate limit", (rest) => rest.rateLimit.get())).data.resources;
    return { limit: core.limit, remaining: core.remaining, resetAt: new Date(core.reset * 1000).toISOString() };
  } catch (error) {
    if (isGithubFailure(error, "not-found")) return null;
    throw error;
  }
}
