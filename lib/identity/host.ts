import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { SCOPES, type Scope } from "@/lib/core/actor";
import { writeAudit } from "@/lib/core/audit";
import { type Ctx, systemCtx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { MAX_TOKEN_DAYS } from "./contract";
import { personNamed } from "./person-named";
import { hostConnection } from "./scim/connections";
import { issueScimToken } from "./scim/tokens";
import { issueToken } from "./tokens";

// For people who sit at the server itself: they hold its secrets, so they need no session.

/** Makes a service token that acts as a person. Throws invalid for unknown people, scopes or lifetimes. */
export async function createTokenOnHost(wanted: { who: string; scopes: string[]; ttlMinutes: number }): Promise<{ token: string; expiresAt: string }> {
  const unknown = wanted.scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined) throw new DomainError("invalid", `There is no scope "${unknown}". Known: ${SCOPES.join(", ")}.`);
  if (!(wanted.ttlMinutes > 0 && wanted.ttlMinutes <= MAX_TOKEN_DAYS * 1440)) throw new DomainError("invalid", `The lifetime must be between 1m and ${MAX_TOKEN_DAYS}d.`);
  const person = await personNamed(db(), wanted.who, "who");
  const ctx = await systemCtx("host");
  const expiresAt = new Date(ctx.now.getTime() + wanted.ttlMinutes * 60_000);
  if (wanted.scopes.includes("scim")) return scimTokenOnHost(wanted.scopes, expiresAt, ctx);
  const { token } = await db().transaction(async (tx) => {
    const made = await issueToken(tx, { userId: person.id, kind: "svc", name: "made on the host", scopes: wanted.scopes as Scope[], expiresAt, now: ctx.now });
    await writeAudit(tx, ctx, "token.create", "done", { target: { type: "token", id: made.id, label: person.handle }, detail: { scopes: wanted.scopes, onHost: true } });
    return made;
  });
  return { token, expiresAt: expiresAt.toISOString() };
}

/** Tokens for provisioning belong to a connection: one of its own stands for those that are made here. */
async function scimTokenOnHost(scopes: string[], expiresAt: Date, ctx: Ctx): Promise<{ token: string; expiresAt: string }> {
  if (scopes.length > 1) throw new DomainError("invalid", "The scope scim stands alone: its token can push people and groups, and nothing else.");
  return db().transaction(async (tx) => {
    const { id, name } = await hostConnection(tx, ctx);
    const made = await issueScimToken(tx, { connectionId: id, expiresAt, now: ctx.now });
    await writeAudit(tx, ctx, "provisioning.edit", "done", { target: { type: "provisioning", id, label: name }, detail: { change: "new token", onHost: true } });
    return { token: made.token, expiresAt: made.expiresAt };
  });
}

/** Makes a person platform admin. Throws invalid for an unknown one. */
export async function grantAdminOnHost(who: string): Promise<{ handle: string }> {
  const person = await personNamed(db(), who, "who");
  const ctx = await systemCtx("host");
  await db().transaction(async (tx) => {
    await tx.update(users).set({ role: "platform-admin", roleSource: "manual" }).where(eq(users.id, person.id));
    await writeAudit(tx, ctx, "user.set-role", "done", {
      target: { type: "user", id: person.id, label: person.handle },
      detail: { from: person.role, to: "platform-admin", onHost: true },
    });
  });
  return { handle: person.handle };
}
