import "server-only";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { settings } from "@/db/schema";
import { formatDuration } from "@/lib/core/duration";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { query } from "@/lib/core/operation";
import type { GithubClient } from "@/lib/github/client";
import type { HostConnection } from "@/lib/hosts/client";
import { CONNECTION_KINDS, type ConnectionKind, HOST_WORDS, isHostKind } from "@/lib/hosts/contract";
import { DEFAULT_SETTINGS, type GithubCheck, type GithubIntegration, type HostCheck, type HostIntegration, HostKey, type RepositoryHost, Settings } from "./contract";
import { loadGithub } from "./github-connection";
import { loadHost, loadHosts } from "./host-connections";
import { metricsText } from "./metrics";

/** All settings with defaults filled in, for domain code. A stored value that no longer fits is ignored and logged. */
export async function loadSettings(on: Connection): Promise<Settings> {
  const stored = Object.fromEntries((await on.select().from(settings)).map((row) => [row.key, row.value]));
  const known = Object.fromEntries(Object.entries(stored).filter(([key, value]) => fits(key, value)));
  return Settings.parse({ ...DEFAULT_SETTINGS, ...known });
}

/** Notes of the platform to itself (`demo.…`) live in the same table and are no settings. */
function fits(key: string, value: unknown): boolean {
  if (key.startsWith("demo.")) return false;
  const shape: Record<string, z.ZodType> = Settings.shape;
  const ok = shape[key]?.safeParse(value).success ?? false;
  if (!ok) log().warn({ key }, "a stored setting does not fit and is ignored");
  return ok;
}

export const getSettings = query({
  name: "settings.read",
  summary: "All platform settings.",
  input: z.strictObject({}),
  subject: () => null,
  run: (on) => loadSettings(on),
});

export const readMetrics = query({
  name: "platform.status",
  summary: "Figures of the portal in Prometheus' text format.",
  input: z.strictObject({}),
  subject: () => null,
  run: () => metricsText(),
});

export const readOrganisation = query({
  name: "account.read",
  summary: "The name of the organisation.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => (await loadSettings(on)).organisation,
});

export const readLimits = query({
  name: "account.read",
  summary: "What an environment may ask for.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => {
    const settings = await loadSettings(on);
    return { defaultTtl: formatDuration(settings["environments.defaultTtlMinutes"]), maxTtl: formatDuration(settings["environments.maxTtlMinutes"]) };
  },
});

export const readAgentDoor = query({
  name: "account.read",
  summary: "Where agents and editors connect over MCP, and whether they may.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => ({ url: `${env().url}/api/mcp`, isOn: (await loadSettings(on))["agents.enabled"] }),
});

/** The client of the connected GitHub; null when none is connected. Throws DomainError("unavailable") when its secrets cannot be read. */
export async function githubClient(on: Connection): Promise<GithubClient | null> {
  const github = await loadGithub(on);
  if (!github) return null;
  // Loaded on use: most portals start without GitHub.
  const { githubClientFor } = await import("@/lib/github/client");
  return githubClientFor(github.connection);
}

export const readGithubIntegration = query({
  name: "integration.read",
  summary: "How Waymark is connected to GitHub; never its secrets.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<GithubIntegration> => {
    const github = await loadGithub(on);
    const auth = github?.connection.auth;
    return {
      source: github?.source ?? "none",
      auth: auth?.type ?? null,
      apiUrl: github?.connection.apiUrl ?? "https://api.github.com",
      owner: github?.connection.owner ?? null,
      appId: auth?.type === "app" ? auth.appId : null,
      updatedAt: github?.updatedAt?.toISOString() ?? null,
    };
  },
});

export const testGithub = query({
  name: "integration.edit",
  summary: "Ask GitHub who Waymark is there, what it may do and how many requests are left.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<GithubCheck> => {
    const client = await githubClient(on);
    if (!client) throw new DomainError("conflict", "GitHub is not connected. Connect it first.");
    const { checkGithub } = await import("@/lib/github/check");
    return checkGithub(client);
  },
});

/** The connection to a host of this kind; null when there is none. Holds a secret. Throws DomainError("unavailable") when that cannot be read. */
export const hostConnection = <K extends ConnectionKind>(on: Connection, kind: K): Promise<HostConnection<K> | null> => loadHost(on, kind);

/** Where repositories can be made beside the own git server. */
export async function repositoryHosts(on: Connection): Promise<RepositoryHost[]> {
  const [github, hosts] = await Promise.all([githubClient(on), loadHosts(on)]);
  const others = hosts.flatMap(({ kind, url, owner }) => (isHostKind(kind) ? [{ provider: kind, host: new URL(url).host, title: HOST_WORDS[kind].title, owner }] : []));
  return [...(github ? [{ provider: "github" as const, host: new URL(github.webUrl).host, title: "GitHub", owner: github.owner }] : []), ...others];
}

export const listHosts = query({
  name: "integration.read",
  summary: "How Waymark is connected to GitLab, Gitea or Forgejo, Bitbucket Cloud, Azure DevOps and Argo CD; never their tokens.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<{ items: HostIntegration[] }> => {
    const stored = new Map((await loadHosts(on)).map((one) => [one.kind, one]));
    const items = CONNECTION_KINDS.map((kind): HostIntegration => {
      const one = stored.get(kind);
      return {
        kind,
        isConnected: one !== undefined,
        url: one?.url ?? HOST_WORDS[kind].url,
        owner: one?.owner ?? null,
        user: one?.user ?? null,
        updatedAt: one?.updatedAt.toISOString() ?? null,
      };
    });
    return { items };
  },
});

export const testHost = query({
  name: "integration.edit",
  summary: "Ask a host whose token Waymark has there, and whether it sees where repositories are made.",
  input: HostKey,
  subject: () => null,
  run: async (on, { kind }): Promise<HostCheck> => {
    const connection = await loadHost(on, kind);
    if (!connection) throw new DomainError("conflict", `${HOST_WORDS[kind].title} is not connected. Connect it first.`);
    const [{ identityAt }, { HostFailure }] = await Promise.all([import("@/lib/hosts"), import("@/lib/hosts/failure")]);
    try {
      return { identity: await identityAt(connection), problem: null };
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      const { cause, whoCanFix, nextAction } = error.outcome;
      return { identity: null, problem: { cause, whoCanFix, nextAction } };
    }
  },
});
