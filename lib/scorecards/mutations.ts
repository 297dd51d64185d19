import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { scorecardDays, scorecardExceptions, scorecardLevels, scorecardRevisions, scorecards } from "@/db/schema";
import { findEntity, loadEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { mutation } from "@/lib/core/operation";
import { checkDefinition } from "./check-definition";
import { CreateScorecardInput, EditScorecardInput, EndExceptionInput, GrantExceptionInput, type ScorecardDefinition, ScorecardKey } from "./contract";
import { storedDefinition } from "./evaluate";
import { loadScorecard } from "./read";
import { settleEntity } from "./settle";

const userOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);
const target = ({ id, name }: { id: string; name: string }) => ({ type: "scorecard", id, label: name });

/** Waits for nobody: the worker evaluates what has changed. */
const evaluateSoon = (tx: Tx) => enqueue(tx, "scorecards.tend", {}, { jobKey: "scorecards.tend" });

export const createScorecard = mutation({
  name: "scorecard.edit",
  summary: "Make a scorecard. It is evaluated at once.",
  input: CreateScorecardInput,
  subject: () => null,
  prepare: ({ definition }) => checkDefinition(db(), definition),
  run: async (tx, { name, definition }, ctx) => insertScorecard(tx, { name, definition, by: userOf(ctx), now: ctx.now, isDemo: false }),
  audit: ({ definition }, result) => ({ target: target(result), detail: { change: "created", title: definition.title, checks: definition.checks.length } }),
});

/** Stores a scorecard whose definition was checked. Throws conflict for a name that is taken. */
export async function insertScorecard(
  tx: Tx,
  { name, definition, by, now, isDemo }: { name: string; definition: ScorecardDefinition; by: string | null; now: Date; isDemo: boolean },
): Promise<{ id: string; name: string; revision: number }> {
  const id = newId("scorecard", now.getTime());
  const [row] = await tx
    .insert(scorecards)
    .values({ id, name, definition, isDemo, createdBy: by, createdAt: now, updatedBy: by, updatedAt: now })
    .onConflictDoNothing()
    .returning({ revision: scorecards.revision });
  if (!row) {
    const message = `There is a scorecard "${name}" already. Choose another name.`;
    throw new DomainError("conflict", message, { fields: [{ path: "name", message }] });
  }
  await tx.insert(scorecardRevisions).values({ scorecardId: id, revision: row.revision, definition, note: "", savedBy: by, savedAt: now });
  await evaluateSoon(tx);
  return { id, name, revision: row.revision };
}

export const editScorecard = mutation({
  name: "scorecard.edit",
  summary: "Change a scorecard, or disable and enable it. Names the revision that the change is based on.",
  input: EditScorecardInput,
  subject: () => null,
  prepare: async ({ definition }) => {
    if (definition) await checkDefinition(db(), definition);
  },
  run: async (tx, { name, revision, definition, isEnabled, note }, ctx) => {
    const { id } = await loadScorecard(tx, name);
    const [row] = await tx.select().from(scorecards).where(eq(scorecards.id, id)).for("update");
    if (!row) throw new DomainError("not_found", `There is no scorecard "${name}".`);
    if (row.revision !== revision)
      throw new DomainError(
        "conflict",
        `Somebody saved revision ${row.revision} meanwhile; yours began from ${revision}. Open it in another tab, take over what you need, and save again from there.`,
      );
    const next = definition ? revision + 1 : revision;
    if (definition) {
      await tx.insert(scorecardRevisions).values({ scorecardId: id, revision: next, definition, note, savedBy: userOf(ctx), savedAt: ctx.now });
      if (levelNames(definition) !== levelNames(storedDefinition(row.definition))) await forgetLevels(tx, id);
    }
    const isBack = isEnabled === true && !row.isEnabled;
    await tx
      .update(scorecards)
      .set({
        ...(definition ? { definition, revision: next } : {}),
        ...(isEnabled === undefined ? {} : { isEnabled }),
        // While it was disabled nothing was evaluated.
        ...(isBack ? { evaluatedRevision: null } : {}),
        updatedBy: userOf(ctx),
        updatedAt: ctx.now,
      })
      .where(eq(scorecards.id, id));
    await evaluateSoon(tx);
    return { id, name: row.name, revision: next };
  },
  audit: ({ definition, isEnabled, note }, result) => ({
    target: target(result),
    detail: {
      ...(definition ? { change: "definition", revision: result.revision, checks: definition.checks.length, ...(note ? { note } : {}) } : {}),
      ...(isEnabled === undefined ? {} : { enabled: isEnabled }),
    },
  }),
});

const levelNames = ({ levels }: ScorecardDefinition) => levels.map(({ name }) => name).join(" ");

/** With other levels a number means another one: levels and trend begin anew. */
async function forgetLevels(tx: Tx, scorecardId: string): Promise<void> {
  await tx.delete(scorecardLevels).where(eq(scorecardLevels.scorecardId, scorecardId));
  await tx.delete(scorecardDays).where(eq(scorecardDays.scorecardId, scorecardId));
}

export const deleteScorecard = mutation({
  name: "scorecard.edit",
  summary: "Delete a scorecard with its results, trend and exceptions. Repeatable.",
  input: ScorecardKey,
  subject: () => null,
  run: async (tx, { name }) => {
    const [row] = await tx.delete(scorecards).where(eq(scorecards.name, name.toLowerCase())).returning({ id: scorecards.id, name: scorecards.name });
    return { name, deleted: row ?? null };
  },
  audit: (_input, { deleted }) => (deleted ? { target: target(deleted), detail: { change: "deleted" } } : null),
});

/** Takes the demo company's scorecards out. Returns how many there were. */
export async function removeDemoScorecards(tx: Tx): Promise<number> {
  return (await tx.delete(scorecards).where(eq(scorecards.isDemo, true)).returning({ id: scorecards.id })).length;
}

const MAX_EXCEPTION_DAYS = 366;

export const grantException = mutation({
  name: "scorecard.exempt",
  summary: "Let an entity off a check for a while, with a reason that everybody sees. It ends by itself.",
  input: GrantExceptionInput,
  subject: async (on, { entityRef }) => {
    const { ref, title, teamId } = await loadEntity(on, entityRef);
    return { teamId, ref, title };
  },
  run: async (tx, { name, check, reason, until }, ctx, { ref, title }) => {
    const card = await loadScorecard(tx, name);
    if (!storedDefinition(card.definition).checks.some(({ id }) => id === check)) throw invalid("check", `The scorecard has no check "${check}".`);
    const [level] = await tx
      .select({ level: scorecardLevels.level })
      .from(scorecardLevels)
      .where(and(eq(scorecardLevels.scorecardId, card.id), eq(scorecardLevels.entityRef, ref)));
    if (!level) throw invalid("entityRef", `${title} is not evaluated by this scorecard: it does not apply to it, or has not been evaluated yet.`);
    // A day means until its end.
    const expiresAt = new Date(until.length === 10 ? Date.parse(until) + 86_400_000 : Date.parse(until));
    if (expiresAt <= ctx.now) throw invalid("until", "Give a day that is still to come.");
    if (expiresAt.getTime() - ctx.now.getTime() > MAX_EXCEPTION_DAYS * 86_400_000)
      throw invalid("until", "An exception lasts a year at most. What should never apply belongs out of the scorecard's filter.");
    await tx
      .update(scorecardExceptions)
      .set({ endedAt: ctx.now, endedBy: userOf(ctx) })
      .where(
        and(eq(scorecardExceptions.scorecardId, card.id), eq(scorecardExceptions.entityRef, ref), eq(scorecardExceptions.checkId, check), isNull(scorecardExceptions.endedAt)),
      );
    const id = newId("scorecardException", ctx.now.getTime());
    await tx.insert(scorecardExceptions).values({ id, scorecardId: card.id, entityRef: ref, checkId: check, reason, expiresAt, grantedBy: userOf(ctx), createdAt: ctx.now });
    await settleEntity(tx, card.id, ref, ctx.now);
    return { id, scorecard: card.name, entityRef: ref, check, expiresAt: expiresAt.toISOString() };
  },
  audit: ({ reason }, { entityRef, scorecard, check, expiresAt }, { title }) => ({
    target: { type: "entity", id: entityRef, label: title },
    detail: { scorecard, check, reason, until: expiresAt },
  }),
});

const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

export const endException = mutation({
  name: "scorecard.exempt",
  summary: "Take an exception back before it ends by itself. Repeatable.",
  input: EndExceptionInput,
  subject: async (on, { id }) => {
    const [found] = await on.select().from(scorecardExceptions).where(eq(scorecardExceptions.id, id));
    if (!found) throw new DomainError("not_found", "There is no such exception.");
    const entity = await findEntity(on, found.entityRef);
    return { teamId: entity?.teamId ?? null, found, title: entity?.title ?? found.entityRef };
  },
  run: async (tx, { id }, ctx, { found }) => {
    const ended = await tx
      .update(scorecardExceptions)
      .set({ endedAt: ctx.now, endedBy: userOf(ctx) })
      .where(and(eq(scorecardExceptions.id, id), isNull(scorecardExceptions.endedAt)))
      .returning({ id: scorecardExceptions.id });
    if (ended.length > 0) await settleEntity(tx, found.scorecardId, found.entityRef, ctx.now);
    return { id, isEnded: ended.length > 0 };
  },
  audit: (input, { isEnded }, { found, title }) =>
    isEnded ? { target: { type: "entity", id: found.entityRef, label: title }, detail: { scorecard: input.name, check: found.checkId, change: "exception taken back" } } : null,
});

export { editCampaign, endCampaign, startCampaign } from "./campaigns/mutations";
