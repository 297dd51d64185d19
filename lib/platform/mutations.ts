import "server-only";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { integrations, settings } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { requireFetchable } from "@/lib/core/safe-fetch";
import { HOST_WORDS } from "@/lib/hosts/contract";
import { ConnectGithub, ConnectHost, EditSettings, HostKey } from "./contract";
import { connectionOf, requireChangeable, storeGithub } from "./github-connection";
import { hostConnectionOf, hostUrlOf, storeHost } from "./host-connections";
import { loadSettings } from "./queries";

export const editSettings = mutation({
  name: "settings.edit",
  summary: "Change platform settings; what is left out stays.",
  input: EditSettings,
  subject: () => null,
  run: async (tx, input, ctx) => {
    // One after the other, so that what may only rise is compared with what it is.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.settings'))`);
    const before = await loadSettings(tx);
    const after = { ...before, ...input };
    if (after["environments.defaultTtlMinutes"] > after["environments.maxTtlMinutes"]) {
      const message = "The default time to live is longer than the longest one allowed. Lower it, or raise the longest.";
      throw new DomainError("invalid", message, { fields: [{ path: "environments.defaultTtlMinutes", message }] });
    }
    if (after["surveys.k"] < before["surveys.k"]) {
      const message = `It is ${before["surveys.k"]} and may only rise: people answered trusting that no smaller group is ever shown.`;
      throw new DomainError("invalid", message, { fields: [{ path: "surveys.k", message }] });
    }
    const updatedBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    for (const [key, value] of Object.entries(input)) {
      const row = { value, updatedAt: ctx.now, updatedBy };
      await tx
        .insert(settings)
        .values({ key, ...row })
        .onConflictDoUpdate({ target: settings.key, set: row });
    }
    return { before, after };
  },
  audit: (input, { before }) => ({
    target: { type: "settings", id: "platform", label: "Platform settings" },
    detail: { changes: Object.entries(input).map(([key, to]) => ({ key, from: before[key as keyof typeof before], to })) },
  }),
});

export const connectGithub = mutation({
  name: "integration.edit",
  summary: "Connect GitHub by App or token; secrets are stored sealed and never shown again.",
  input: ConnectGithub,
  subject: () => null,
  run: async (tx, input, ctx) => {
    requireChangeable();
    const { config, secrets } = await connectionOf(tx, input);
    await storeGithub(tx, config, secrets, ctx.actor.type === "user" ? ctx.actor.id : null, ctx.now);
    return config;
  },
  audit: (input, config) => ({
    target: { type: "integration", id: "github", label: "GitHub" },
    detail: {
      change: "connected",
      apiUrl: config.apiUrl,
      owner: config.owner,
      auth: config.auth,
      newSecrets: (["privateKey", "token"] as const).filter((name) => input[name] !== undefined),
    },
  }),
});

export const disconnectGithub = mutation({
  name: "integration.edit",
  summary: "Forget the connection to GitHub and its secrets; repositories stay as they are.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (tx) => {
    requireChangeable();
    const removed = await tx.delete(integrations).where(eq(integrations.name, "github")).returning({ name: integrations.name });
    return { disconnected: removed.length > 0 };
  },
  audit: (_, { disconnected }) => (disconnected ? { target: { type: "integration", id: "github", label: "GitHub" }, detail: { change: "disconnected" } } : null),
});

export const connectHost = mutation({
  name: "integration.edit",
  summary: "Connect GitLab, Gitea or Forgejo, Bitbucket Cloud, Azure DevOps or Argo CD by token; it is stored sealed and never shown again.",
  input: ConnectHost,
  subject: () => null,
  prepare: (input) => requireFetchable(hostUrlOf(input), "url"),
  run: async (tx, input, ctx) => {
    const { token, ...config } = await hostConnectionOf(tx, input);
    await storeHost(tx, config, token, ctx.actor.type === "user" ? ctx.actor.id : null, ctx.now);
    return config;
  },
  audit: (input, { kind, url, owner, user }) => ({
    target: { type: "integration", id: kind, label: HOST_WORDS[kind].title },
    detail: { change: "connected", url, owner, user, newSecrets: input.token === undefined ? [] : ["token"] },
  }),
});

export const disconnectHost = mutation({
  name: "integration.edit",
  summary: "Forget the connection to a host and its token; repositories stay as they are.",
  input: HostKey,
  subject: () => null,
  run: async (tx, { kind }) => {
    const removed = await tx.delete(integrations).where(eq(integrations.name, kind)).returning({ name: integrations.name });
    return { disconnected: removed.length > 0 };
  },
  audit: ({ kind }, { disconnected }) => (disconnected ? { target: { type: "integration", id: kind, label: HOST_WORDS[kind].title }, detail: { change: "disconnected" } } : null),
});
