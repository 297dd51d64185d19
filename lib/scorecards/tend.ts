import { and, eq, isNull, lte, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { repositories, repositoryRefs, scorecardExceptions, scorecardRepositories, scorecards } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { dayOf } from "@/lib/metrics/queries";
import { findRepository } from "@/lib/repositories/queries";
import { appliesSql } from "./applies";
import { remindOfCampaigns } from "./campaigns/remind";
import { noteDay } from "./days";
import { evaluateScorecard, type ScorecardRow, storedDefinition } from "./evaluate";
import { addNewEntities, followCatalog, gatherFacts } from "./facts/gather";
import { readMissingFiles } from "./facts/repository";
import type { FactSource } from "./facts/source";
import { readNews } from "./facts/written";
import { notePastDays } from "./past-days";
import { settleEntity } from "./settle";

const FILES_PER_PASS = 10;
const CATALOG_TABLES = ["entities"];
/** How old "evaluated" may look while nothing changes. */
const NOTED_EVERY_MS = 120_000;

interface Options {
  now?: Date;
  /** Ask every source. */
  force?: boolean;
  /** Somebody waits: for a pass that is under way too, which may have begun before what is new, and whatever the tables' counts say. */
  waits?: boolean;
}

/**
 * One pass of everything that happens to scorecards by itself: facts, evaluation of what changed, exceptions that end, the day's
 * distribution. One replica at a time; a pass that is cut off is done again by the next. `later` are facts of domains after this one.
 */
export async function tendScorecards(later: FactSource[], { now, force = false, waits = false }: Options = {}): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    if (waits) await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.scorecards'))`);
    const [lock] = await tx.execute<{ got: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('waymark.scorecards')) as got`);
    if (lock?.got) await passOnce(later, { now: now ?? (await databaseNow()), force, looks: force || waits });
  });
}

/** What somebody waits for comes first: an edited scorecard, then a changed document, then everything else. */
async function passOnce(later: FactSource[], { now, force, looks }: { now: Date; force: boolean; looks: boolean }): Promise<void> {
  const day = dayOf(now, env().timeZone);
  const news = await readNews({ now, day });
  await endExceptions(now);
  const cards = await db().select().from(scorecards).where(eq(scorecards.isEnabled, true));
  const edited = cards.filter((card) => card.evaluatedRevision !== card.revision);
  const failed = await eachCard(edited, (card) => evaluateEdited(card, now));
  const standing = cards.filter((card) => !failed.includes(card));
  if (!looks && news.isFilling("entities")) return;
  const isCatalogNew = looks || news.mayHave("catalog", CATALOG_TABLES);
  if (isCatalogNew) await followCatalog(now);
  const isEarly = await evaluateMarked(standing, now);
  await readNewRepositories();
  await gatherFacts(later, { now, force, news: looks ? { ...news, mayHave: () => true } : news });
  if (isCatalogNew) {
    await addNewEntities(now);
    news.taken("catalog", CATALOG_TABLES);
  }
  const hasChanged = (await evaluateMarked(standing, now)) || isEarly;
  await remindOfCampaigns(now).catch((error: unknown) => log().warn({ err: error }, "teams could not be reminded of a campaign"));
  await eachCard(standing, async (card) => {
    if (!hasChanged && now.getTime() - (card.evaluatedAt?.getTime() ?? 0) < NOTED_EVERY_MS) return;
    if (card.isDemo && env().demo) await notePastDays(card, now);
    await noteDay(db(), card.id, day);
    await db().update(scorecards).set({ evaluatedAt: now }).where(eq(scorecards.id, card.id));
  });
}

/** Those for which the work failed: one scorecard never keeps others from theirs. */
async function eachCard(cards: ScorecardRow[], work: (card: ScorecardRow) => Promise<void>): Promise<ScorecardRow[]> {
  const failed: ScorecardRow[] = [];
  for (const card of cards) {
    await work(card).catch((error: unknown) => {
      failed.push(card);
      log().warn({ err: error, scorecard: card.name }, "a scorecard could not be evaluated");
    });
  }
  return failed;
}

async function evaluateEdited(card: ScorecardRow, now: Date): Promise<void> {
  await dropWhatLeft(card);
  await evaluateScorecard(card, now, "all");
  await noteDay(db(), card.id, dayOf(now, env().timeZone));
  await db().update(scorecards).set({ evaluatedRevision: card.revision, evaluatedAt: now }).where(eq(scorecards.id, card.id));
}

/** Evaluates the entities whose facts have changed; false where there were none. They stay marked when that fails for a scorecard. */
async function evaluateMarked(cards: ScorecardRow[], now: Date): Promise<boolean> {
  const [marked] = await db().execute<{ any: boolean }>(sql`select exists (select 1 from scorecard_facts where is_dirty) as any`);
  if (!marked?.any) return false;
  const failed = await eachCard(cards, async (card) => {
    await dropWhatLeft(card);
    await evaluateScorecard(card, now, "dirty");
  });
  if (failed.length === 0) await db().execute(sql`update scorecard_facts set is_dirty = false where is_dirty`);
  return true;
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
