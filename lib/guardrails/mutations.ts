import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { guardrailDecisions, guardrailExceptions, guardrailRevisions, guardrails, teams } from "@/db/schema";
import { addDays, startOfDay } from "@/lib/core/calendar";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { checkDefinition } from "./check-definition";
import { CreateGuardrailInput, EditGuardrailInput, EndExceptionInput, GrantExceptionInput, type GuardrailDefinition, GuardrailKey } from "./contract";
import { loadGuardrail } from "./read";

export { connectOpa, disconnectOpa } from "./opa/mutations";
export { askRemote, type Remote } from "./opa/remote";
export { checkStep, guardEffect, type LetThrough, requireGuardrails, tieDecision } from "./require";

const userOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);
const target = ({ id, name }: { id: string; name: string }) => ({ type: "guardrail", id, label: name });

export const createGuardrail = mutation({
  name: "guardrail.edit",
  summary: "Make a guardrail. Its examples are run first; unless it is off it counts for the next request.",
  input: CreateGuardrailInput,
  subject: () => null,
  prepare: ({ definition }) => checkDefinition(db(), definition),
  run: async (tx, { name, definition }, ctx) => insertGuardrail(tx, { name, definition, by: userOf(ctx), now: ctx.now, isDemo: false }),
  audit: ({ definition }, result) => ({ target: target(result), detail: { change: "created", title: definition.title, effect: definition.effect } }),
});

/** Stores a guardrail whose definition was checked. Throws conflict for a name that is taken. */
export async function insertGuardrail(
  tx: Tx,
  { name, definition, by, now, isDemo }: { name: string; definition: GuardrailDefinition; by: string | null; now: Date; isDemo: boolean },
): Promise<{ id: string; name: string; revision: number }> {
  const id = newId("guardrail", now.getTime());
  const [row] = await tx
    .insert(guardrails)
    .values({ id, name, definition, isDemo, createdBy: by, createdAt: now, updatedBy: by, updatedAt: now })
    .onConflictDoNothing()
    .returning({ revision: guardrails.revision });
  if (!row) {
    const message = `There is a guardrail "${name}" already. Choose another name.`;
    throw new DomainError("conflict", message, { fields: [{ path: "name", message }] });
  }
  await tx.insert(guardrailRevisions).values({ guardrailId: id, revision: row.revision, definition, note: "", savedBy: by, savedAt: now });
  return { id, name, revision: row.revision };
}

export const editGuardrail = mutation({
  name: "guardrail.edit",
  summary: "Change a guardrail, or switch it between refuse, warn and off. Names the revision that the change is based on; its examples are run first.",
  input: EditGuardrailInput,
  subject: () => null,
  prepare: async ({ name, definition }) => {
    await loadGuardrail(db(), name);
    await checkDefinition(db(), definition);
  },
  run: async (tx, { name, revision, definition, note }, ctx) => {
    const { id } = await loadGuardrail(tx, name);
    const [row] = await tx.select().from(guardrails).where(eq(guardrails.id, id)).for("update");
    if (row?.revision !== revision)
      throw new DomainError(
        "conflict",
        `Somebody saved revision ${row?.revision} meanwhile; yours began from ${revision}. Open it in another tab, take over what you need, and save again from there.`,
      );
    const next = revision + 1;
    await tx.insert(guardrailRevisions).values({ guardrailId: id, revision: next, definition, note, savedBy: userOf(ctx), savedAt: ctx.now });
    await tx
      .update(guardrails)
      .set({ definition, revision: next, updatedBy: userOf(ctx), updatedAt: ctx.now })
      .where(eq(guardrails.id, id));
    return { id, name: row.name, revision: next };
  },
  audit: ({ definition, note }, result) => ({
    target: target(result),
    detail: { change: "definition", revision: result.revision, effect: definition.effect, ...(note ? { note } : {}) },
  }),
});

export const deleteGuardrail = mutation({
  name: "guardrail.edit",
  summary: "Delete a guardrail with its revisions and exceptions. What it decided stays readable. Repeatable.",
  input: GuardrailKey,
  subject: () => null,
  run: async (tx, { name }) => {
    const [row] = await tx.delete(guardrails).where(eq(guardrails.name, name.toLowerCase())).returning({ id: guardrails.id, name: guardrails.name });
    return { name, deleted: row ?? null };
  },
  audit: (_input, { deleted }) => (deleted ? { target: target(deleted), detail: { change: "deleted" } } : null),
});

/** Takes the demo company's guardrails and their past out. Returns how many guardrails there were. */
export async function removeDemoGuardrails(tx: Tx): Promise<number> {
  await tx.delete(guardrailDecisions).where(eq(guardrailDecisions.isDemo, true));
  return (await tx.delete(guardrails).where(eq(guardrails.isDemo, true)).returning({ id: guardrails.id })).length;
}

const MAX_EXCEPTION_DAYS = 366;
const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

export const grantException = mutation({
  name: "guardrail.edit",
  summary: "Let a team through a guardrail until a day, with a reason that everybody sees. It ends by itself.",
  input: GrantExceptionInput,
  subject: () => null,
  run: async (tx, { name, team, reason, until }, ctx) => {
    const row = await loadGuardrail(tx, name);
    const ref = team.includes(":") ? team.toLowerCase() : `group:default/${team.toLowerCase()}`;
    const [found] = await tx.select({ id: teams.id, title: teams.title }).from(teams).where(eq(teams.ref, ref));
    if (!found) throw invalid("team", `There is no team "${team.slice(0, 60)}". Use its short name or its ref, for example checkout.`);
    const expiresAt = startOfDay(addDays(until, 1), env().timeZone);
    if (expiresAt <= ctx.now) throw invalid("until", "Give a day that is not over yet.");
    if (expiresAt.getTime() - ctx.now.getTime() > MAX_EXCEPTION_DAYS * 86_400_000)
      throw invalid("until", "An exception lasts a year at most. What should never apply to a team belongs into the guardrail's teams.");
    await tx
      .update(guardrailExceptions)
      .set({ endedAt: ctx.now, endedBy: userOf(ctx) })
      .where(and(eq(guardrailExceptions.guardrailId, row.id), eq(guardrailExceptions.teamId, found.id), isNull(guardrailExceptions.endedAt)));
    const id = newId("guardrailException", ctx.now.getTime());
    await tx.insert(guardrailExceptions).values({ id, guardrailId: row.id, teamId: found.id, reason, expiresAt, grantedBy: userOf(ctx), createdAt: ctx.now });
    return { id, guardrail: { id: row.id, name: row.name }, team: ref, teamId: found.id, expiresAt: expiresAt.toISOString() };
  },
  audit: ({ reason }, { guardrail, team, teamId, expiresAt }) => ({ target: target(guardrail), teamId, detail: { exception: team, reason, until: expiresAt } }),
});

export const endException = mutation({
  name: "guardrail.edit",
  summary: "Take an exception back before its last day. Repeatable.",
  input: EndExceptionInput,
  subject: () => null,
  run: async (tx, { name, id }, ctx) => {
    const row = await loadGuardrail(tx, name);
    const [ended] = await tx
      .update(guardrailExceptions)
      .set({ endedAt: ctx.now, endedBy: userOf(ctx) })
      .where(and(eq(guardrailExceptions.id, id), eq(guardrailExceptions.guardrailId, row.id), isNull(guardrailExceptions.endedAt)))
      .returning({ teamId: guardrailExceptions.teamId });
    return { id, guardrail: { id: row.id, name: row.name }, teamId: ended?.teamId ?? null, isEnded: ended !== undefined };
  },
  audit: (_input, { guardrail, teamId, isEnded }) => (isEnded ? { target: target(guardrail), teamId, detail: { change: "exception taken back" } } : null),
});
