import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { apiTokens, sessions, users } from "@/db/schema";
import { parseDuration } from "@/lib/core/duration";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { CreateTokenInput, MAX_TOKEN_DAYS } from "./contract";
import { endAccess } from "./end-access";
import { ownAccount } from "./own-account";
import { issueToken } from "./tokens";

export { beginDeviceGrant, pollDeviceGrant } from "./device";
export { decideDevice } from "./device-approval";
export { replaceRules } from "./edit-rules";
export { createTeam, editTeam, removeMember, setMember } from "./edit-teams";
export { disablePerson, setRole } from "./people";
export { createConnection, removeConnection, revokeConnectionTokens, rotateConnectionToken } from "./scim/connections";
export { serveScim } from "./scim/serve";
export { beginSignIn, endSignIn } from "./serve-sign-in";
export { backChannelLogout, serveSignOut } from "./sign-out";
export { withLentToken } from "./tokens";

/** Minutes of a token's lifetime. Throws invalid, beside the field. */
function lifetimeMinutes(ttl: string): number {
  const message = `Use a number and m, h or d, at most ${MAX_TOKEN_DAYS}d: for example 90d.`;
  const refused = (cause?: unknown) => new DomainError("invalid", message, { cause, fields: [{ path: "ttl", message }] });
  let minutes: number;
  try {
    minutes = parseDuration(ttl);
  } catch (cause) {
    throw refused(cause);
  }
  if (minutes > MAX_TOKEN_DAYS * 1440) throw refused();
  return minutes;
}

export const createToken = mutation({
  name: "token.create",
  summary: "Make a personal access token; its value is shown once.",
  input: CreateTokenInput,
  subject: (_on, _input, ctx) => ownAccount(ctx),
  run: async (tx, input, ctx, { userId }) => {
    const minutes = lifetimeMinutes(input.ttl);
    if (input.scopes.includes("scim")) {
      const message = "Tokens for provisioning belong to a connection, not to a person. Make one under Provisioning.";
      throw new DomainError("invalid", message, { fields: [{ path: "scopes", message }] });
    }
    if (input.scopes.includes("admin") && ctx.actor.type === "user" && ctx.actor.role !== "platform-admin") {
      const message = "Only platform admins make tokens with the scope admin.";
      throw new DomainError("invalid", message, { fields: [{ path: "scopes", message }] });
    }
    if (!userId) throw new DomainError("unauthenticated", "Sign in first.");
    const expiresAt = new Date(ctx.now.getTime() + minutes * 60_000);
    const made = await issueToken(tx, { userId, kind: input.kind, name: input.name, scopes: input.scopes, expiresAt, now: ctx.now });
    return { ...made, name: input.name, scopes: input.scopes, expiresAt: expiresAt.toISOString() };
  },
  audit: (input, result) => ({
    target: { type: "token", id: result.id, label: input.name },
    detail: { scopes: input.scopes, expiresAt: result.expiresAt, ...(input.kind === "mcp" ? { kind: "mcp" } : {}) },
  }),
});

export const revokeToken = mutation({
  name: "token.revoke",
  summary: "End a token at once.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: async (on, input) => {
    const row = await on.query.apiTokens.findFirst({ where: eq(apiTokens.id, input.id) });
    if (!row) throw new DomainError("not_found", "There is no such token.");
    return { userId: row.userId, name: row.name };
  },
  run: async (tx, input, ctx) => {
    const rows = await tx
      .update(apiTokens)
      .set({ revokedAt: ctx.now })
      .where(and(eq(apiTokens.id, input.id), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    return { id: input.id, ended: rows.length > 0 };
  },
  audit: (input, result, { name }) => (result.ended ? { target: { type: "token", id: input.id, label: name } } : null),
});

export const endOwnSession = mutation({
  name: "session.end",
  summary: "End one of your sessions; an admin may end anybody's.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: async (on, input) => {
    const row = await on.query.sessions.findFirst({ where: eq(sessions.id, input.id) });
    if (!row) throw new DomainError("not_found", "There is no such session.");
    const [person] = await on.select({ handle: users.handle }).from(users).where(eq(users.id, row.userId));
    return { userId: row.userId, handle: person?.handle };
  },
  run: async (tx, input, ctx) => {
    const rows = await tx
      .update(sessions)
      .set({ endedAt: ctx.now })
      .where(and(eq(sessions.id, input.id), isNull(sessions.endedAt)))
      .returning({ id: sessions.id });
    return { id: input.id, ended: rows.length > 0 };
  },
  audit: (_input, result, { userId, handle }) => (result.ended ? { target: { type: "user", id: userId, ...(handle ? { label: handle } : {}) } } : null),
});

export const endAllSessions = mutation({
  name: "session.end-any",
  summary: "End every session and token of a person.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: async (on, { id }) => {
    const person = await on.query.users.findFirst({ where: eq(users.id, id) });
    if (!person) throw new DomainError("not_found", "There is no such person.");
    return { userId: id, handle: person.handle };
  },
  run: (tx, { id }, ctx) => endAccess(tx, id, ctx.now),
  audit: (_input, result, { userId, handle }) => ({ target: { type: "user", id: userId, label: handle }, detail: result }),
});
