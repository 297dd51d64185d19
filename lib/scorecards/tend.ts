import { and, eq, isNull, lte, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { repositories, repositoryRefs, scorecardExceptions, scorecardRepositories, scorecards } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { dayOf } from "@/lib/metrics/queries";
import { findRepository } from "@/lib/repositories/queries";
import { appliesSql } from "./applies";
import { noteDay } from "./days";
import { evaluateScorecard, type ScorecardRow, storedDefinition } from "./evaluate";
import { gatherFacts } from "./facts/gather";
import { readMissingFiles } from "./facts/repository";
import type { FactSource } from "./facts/source";
import { notePastDays } from "./past-days";
import { settleEntity } from "./settle";

const FILES_PER_PASS = 10;

/**
 * One pass of everything that happens to scorecards by itself: facts, evaluation of what changed, exceptions that end, the day's
 * distribution. One replica at a time; a pass that is cut off is done again by the next. `later` are facts of domains after this one.
 */
export async function tendScorecards(later: FactSource[], options: { now?: Date; force?: boolean } = {}): Promise<void> {
  await db().transaction(async (tx) => {
    const [lock] = await tx.execute<{ got: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('waymark.scorecards')) as got`);
    if (!lock?.got) return;
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    await passOnce(later, options.now ?? (await databaseNow()), options.force ?? false);
  });
}

async function passOnce(later: FactSource[], now: Date, force: boolean): Promise<void> {
  await readNewRepositories();
  await gatherFacts(later, now, force);
  await endExceptions(now);
  // What is marked after this moment is for the next pass.
  const marked = await db().execute<{ ref: string }>(sql`select entity_ref as ref from scorecard_facts where is_dirty`);
  const cards = await db().select().from(scorecards).where(eq(scorecards.isEnabled, true));
  const failed: string[] = [];
  for (const card of cards) {
    try {
      await tendOne(card, now, marked.length > 0);
    } catch (error) {
      failed.push(card.name);
      if (!isDomainError(error)) log().warn({ err: error, scorecard: card.name }, "a scorecard could not be evaluated");
    }
  }
  if (marked.length > 0 && failed.length === 0) await unmark(now);
}

/** Marks that this pass has read: a fact that changed meanwhile has a later moment and stays marked. */
async function unmark(now: Date): Promise<void> {
  await db().execute(sql`update scorecard_facts set is_dirty = false where is_dirty and changed_at <= ${now.toISOString()}::timestamptz`);
}

async function tendOne(card: ScorecardRow, now: Date, isMarked: boolean): Promise<void> {
  const isChanged = card.evaluatedRevision !== card.revision;
  if (isChanged || isMarked) await dropWhatLeft(card);
  const evaluated = isChanged || isMarked ? await evaluateScorecard(card, now, isChanged ? "all" : "dirty") : 0;
  if (isChanged) await db().update(scorecards).set({ evaluatedRevision: card.revision, evaluatedAt: now }).where(eq(scorecards.id, card.id));
  else await db().update(scorecards).set({ evaluatedAt: now }).where(eq(scorecards.id, card.id));
  if (card.isDemo && env().demo) await notePastDays(card, now);
  await noteDay(db(), card.id, dayOf(now, env().timeZone));
  if (evaluated > 0) log().debug({ scorecard: card.name, entities: evaluated }, "scorecard evaluated");
}

/** Entities that the filter no longer fits, and checks that are no longer there. */
async function dropWhatLeft({ id, definition }: ScorecardRow): Promise<void> {
  const { appliesTo, checks } = storedDefinition(definition);
  const stays = sql`exists (select 1 from entities e where e.ref = x.entity_ref and ${appliesSql(appliesTo)})`;
  await db().execute(sql`delete from scorecard_levels x where scorecard_id = ${id} and not ${stays}`);
  await db().execute(sql`delete from scorecard_results x where scorecard_id = ${id} and (check_id <> all(${sql.param(checks.map((check) => check.id))}::text[]) or not ${stays})`);
}

async function endExceptions(now: Date): Promise<void> {
  const ended = await db()
    .update(scorecardExceptions)
    .set({ endedAt: now })
    .where(and(isNull(scorecardExceptions.endedAt), lte(scorecardExceptions.expiresAt, now)))
    .returning({ scorecardId: scorecardExceptions.scorecardId, entityRef: scorecardExceptions.entityRef });
  for (const { scorecardId, entityRef } of ended) await db().transaction((tx) => settleEntity(tx, scorecardId, entityRef, now));
}

/** Repositories of our own server that were there before their files were noted. */
async function readNewRepositories(): Promise<void> {
  const rows = await db()
    .select({ id: repositories.id, commit: repositoryRefs.sha })
    .from(repositories)
    .innerJoin(repositoryRefs, and(eq(repositoryRefs.repositoryId, repositories.id), sql`${repositoryRefs.name} = 'refs/heads/' || ${repositories.defaultBranch}`))
    .leftJoin(scorecardRepositories, eq(scorecardRepositories.repositoryId, repositories.id))
    .where(and(eq(repositories.provider, "waymark"), eq(repositories.status, "ready"), isNull(scorecardRepositories.repositoryId)))
    .limit(FILES_PER_PASS);
  const missing = await Promise.all(rows.map(async ({ id, commit }) => ({ repository: await findRepository(db(), { id }), commit })));
  await readMissingFiles(missing.flatMap(({ repository, commit }) => (repository ? [{ repository, commit }] : [])));
}
