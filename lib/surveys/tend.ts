import { and, count, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { surveyBox, surveys } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { type Ctx, systemCtx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import { loadSettings } from "@/lib/platform/queries";
import { closingOf, nextOpening, titleOf } from "./calendar";
import { closeNow } from "./close";
import { currentForm } from "./form";
import { openOneTap } from "./one-tap";
import { openNow } from "./open";
import { remind } from "./remind";
import { settle } from "./settle";

const SETTLE_EVERY_MS = 10 * 60_000;
type SurveyRow = typeof surveys.$inferSelect;

/** One pass of everything that happens to surveys by itself. Replicas take turns; what was missed while nobody ran is done late, once. */
export async function tendSurveys(given?: Ctx): Promise<void> {
  const ctx = given ?? (await systemCtx("surveys"));
  await db().transaction(async (tx) => {
    const [lock] = await tx.execute<{ got: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('waymark.surveys')) as got`);
    if (!lock?.got) return;
    for (const survey of await living(tx)) await tendOpen(tx, survey, ctx);
    await openDue(tx, ctx);
    await keepSchedule(tx, ctx.now);
    await openOneTap(tx, ctx.now);
  });
}

const living = (tx: Tx) =>
  tx
    .select()
    .from(surveys)
    .where(and(eq(surveys.state, "open"), eq(surveys.isDemo, false)))
    .for("update");

async function tendOpen(tx: Tx, survey: SurveyRow, ctx: Ctx): Promise<void> {
  if (survey.closesAt <= ctx.now) {
    await closeNow(tx, survey.id, ctx.now, null);
    await writeAudit(tx, ctx, "survey.close", "done", { target: { type: "survey", id: survey.id, label: titleOf(survey.period, survey.round) } });
    return;
  }
  if (survey.kind === "monthly") await remind(tx, survey, ctx.now);
  const [box] = await tx.select({ n: count() }).from(surveyBox).where(eq(surveyBox.surveyId, survey.id));
  const rested = !survey.settledAt || ctx.now.getTime() - survey.settledAt.getTime() >= SETTLE_EVERY_MS;
  if ((box?.n ?? 0) >= survey.k && rested) await settle(tx, survey.id, ctx.now);
}

async function openDue(tx: Tx, ctx: Ctx): Promise<void> {
  const [due] = await tx
    .select()
    .from(surveys)
    .where(and(eq(surveys.state, "scheduled"), sql`${surveys.opensAt} <= ${ctx.now.toISOString()}::timestamptz`));
  if (!due) return;
  await tx.delete(surveys).where(eq(surveys.id, due.id));
  try {
    const row = await openNow(tx, ctx.now, null);
    await writeAudit(tx, ctx, "survey.open", "done", { target: { type: "survey", id: row.id, label: titleOf(row.period, row.round) } });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    log().info({ period: due.period }, `The monthly survey did not open: ${error.message}`);
  }
}

/** Exactly one survey waits for its day, or none when the monthly survey is switched off. */
export async function keepSchedule(tx: Tx, now: Date): Promise<void> {
  const day = (await loadSettings(tx))["surveys.day"];
  const rows = await tx
    .select()
    .from(surveys)
    .where(and(eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
  const waiting = rows.find((row) => row.state === "scheduled");
  if (waiting && waiting.opensAt <= now) return;
  const taken = new Set(rows.filter((row) => row.state !== "scheduled").map((row) => row.period));
  const next = day === 0 ? null : nextOpening(day, env().timeZone, now, taken);
  if (next && waiting?.opensAt.getTime() === next.opensAt.getTime()) return;
  if (waiting) await tx.delete(surveys).where(eq(surveys.id, waiting.id));
  if (next) await tx.insert(surveys).values({ id: newId("survey"), state: "scheduled", closesAt: closingOf(next.opensAt, (await currentForm(tx)).windowDays), ...next });
}
