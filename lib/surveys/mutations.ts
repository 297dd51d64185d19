import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { feedback, surveyChanges, surveys } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { editSettings } from "@/lib/platform/mutations";
import { answerOnce } from "./answer";
import { dayOf } from "./calendar";
import { tellChange } from "./changes";
import { closeNow } from "./close";
import { AnswerInput, ChangeInput, FeedbackAnswerInput, FeedbackInput, OfSurvey, OneTapInput, PreferencesInput, ScheduleInput, type Survey, TagInput } from "./contract";
import { ONE_TAP } from "./contract-items";
import { answerFeedbackOf, takeFeedback } from "./feedback";
import { FormInput } from "./form";
import { openNow } from "./open";
import { choose, prefer } from "./preferences";
import { presentSurvey } from "./present";
import { tagWords } from "./results";
import { saveForm } from "./save-form";
import { keepSchedule } from "./tend";

/** The subject of abilities about oneself. */
const self = (ctx: Ctx) => ({ userId: idOf(ctx) });
const idOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : "");
const surveyTarget = ({ id, title }: Survey) => ({ type: "survey", id, label: title });

export const answerSurvey = mutation({
  name: "survey.answer",
  summary: "Send your answers to an open survey, once. Only in the browser. Repeat a lost request with the same attempt or Idempotency-Key.",
  input: AnswerInput,
  subject: (_on, _input, ctx) => self(ctx),
  run: (tx, { id, answers, attempt }, ctx) => answerOnce(tx, { surveyId: id, userId: idOf(ctx), answers, attempt, now: ctx.now }),
  // An event with a time of day would tell who answered when; the participation row keeps the day and nothing else does.
  audit: () => null,
});

export const answerOneTap = mutation({
  name: "survey.answer",
  summary: "Say whether the outcome of a run was clear, or put the question away; at most once in 14 days, as confidential as the survey.",
  input: OneTapInput,
  subject: (_on, _input, ctx) => self(ctx),
  run: async (tx, { answer, attempt }, ctx) => {
    const userId = idOf(ctx);
    if (answer === null) await prefer(tx, userId, { oneTapOn: dayOf(ctx.now, env().timeZone) });
    else await answerOnce(tx, { surveyId: await oneTapSurvey(tx), userId, answers: { [ONE_TAP.item]: answer }, attempt, now: ctx.now });
    return { received: answer !== null };
  },
  audit: () => null,
});

/** The question of this month. Throws conflict when none is open. */
async function oneTapSurvey(tx: Tx): Promise<string> {
  const [open] = await tx
    .select({ id: surveys.id })
    .from(surveys)
    .where(and(eq(surveys.kind, "one-tap"), eq(surveys.state, "open"), eq(surveys.isDemo, false)));
  if (!open) throw new DomainError("conflict", "The question after a run is switched off.");
  return open.id;
}

export const setSurveyPreferences = mutation({
  name: "survey.answer",
  summary: "Put the open survey off until a day, or say that no survey shall ask you; both can be taken back.",
  input: PreferencesInput,
  subject: (_on, _input, ctx) => self(ctx),
  run: async (tx, { isOptedOut, snoozedUntil }, ctx) => {
    if (snoozedUntil) await requireSnoozable(tx, snoozedUntil, ctx.now);
    return choose(tx, idOf(ctx), { ...(isOptedOut === undefined ? {} : { isOptedOut }), ...(snoozedUntil === undefined ? {} : { snoozedUntil }) });
  },
  // Whether somebody wants to be asked is theirs alone.
  audit: () => null,
});

/** Throws invalid unless the day lies ahead and before the open survey closes. */
async function requireSnoozable(tx: Tx, until: string, now: Date): Promise<void> {
  const [open] = await tx
    .select({ closesAt: surveys.closesAt })
    .from(surveys)
    .where(and(eq(surveys.state, "open"), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
  const { timeZone } = env();
  const problem = !open
    ? "No survey is open to put off."
    : until <= dayOf(now, timeZone)
      ? "Choose a day after today."
      : until > dayOf(open.closesAt, timeZone)
        ? "The survey closes before that day."
        : null;
  if (problem) throw new DomainError("invalid", problem, { fields: [{ path: "snoozedUntil", message: problem }] });
}

export const openSurvey = mutation({
  name: "survey.manage",
  summary: "Open a survey now and invite everybody.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (tx, _input, ctx) => {
    const row = await openNow(tx, ctx.now, idOf(ctx));
    await keepSchedule(tx, ctx.now);
    return presentSurvey(tx, row, idOf(ctx));
  },
  audit: (_input, survey) => ({ target: surveyTarget(survey), detail: { change: "opened", asked: survey.asked } }),
});

export const closeSurvey = mutation({
  name: "survey.manage",
  summary: "Close an open survey now and publish its results.",
  input: OfSurvey,
  subject: () => null,
  run: async (tx, { id }, ctx) => presentSurvey(tx, await closeNow(tx, id, ctx.now, idOf(ctx)), idOf(ctx)),
  audit: (_input, survey) => ({ target: surveyTarget(survey), detail: { change: "closed", asked: survey.asked, answered: survey.answered } }),
});

export const scheduleSurveys = mutation({
  name: "survey.manage",
  summary: "Choose the day of the month on which the survey opens, 0 for none, and the smallest group that is shown, which may only rise.",
  input: ScheduleInput,
  subject: () => null,
  run: async (tx, { day, k }, ctx) => {
    const { after } = await editSettings(ctx, { ...(day === undefined ? {} : { "surveys.day": day }), ...(k === undefined ? {} : { "surveys.k": k }) }, tx);
    await keepSchedule(tx, ctx.now);
    return { day: after["surveys.day"], k: after["surveys.k"] };
  },
  audit: (_input, { day, k }) => ({ target: { type: "survey", id: "schedule", label: "Monthly survey" }, detail: { change: "scheduled", day, k } }),
});

export const saveSurveyForm = mutation({
  name: "survey.manage",
  summary: "Save what the next survey asks, whom and how long, as a new version. An open survey stays as it is.",
  input: FormInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const saved = await saveForm(tx, input, idOf(ctx), ctx.now);
    await keepSchedule(tx, ctx.now);
    return saved;
  },
  audit: (_input, { version, items, calendar, translations, audience, windowDays }) => ({
    target: { type: "survey", id: "form", label: "Monthly survey" },
    detail: {
      change: "edited",
      version,
      asks: items.filter(({ on }) => on).map(({ question }) => `${question.item} v${question.version}`),
      months: calendar.map(({ item, version: wording }) => `${item} v${wording}`),
      languages: Object.keys(translations),
      audience,
      windowDays,
    },
  }),
});

export const tagAnswer = mutation({
  name: "survey.manage",
  summary: "Give published words their themes, in place of those before; none takes them away.",
  input: TagInput,
  subject: () => null,
  run: async (tx, input) => {
    await tagWords(tx, input);
    return { tags: input.tags };
  },
  audit: ({ id, item, node, place, tags }) => ({ target: { type: "survey", id }, detail: { change: "tagged", item, node, place, tags } }),
});

export const addChange = mutation({
  name: "survey.manage",
  summary: "Tell what was changed because of a survey, with a link to where it can be seen.",
  input: ChangeInput,
  subject: () => null,
  run: (tx, input, ctx) => tellChange(tx, input, idOf(ctx), ctx.now),
  audit: (_input, { id, title, href }) => ({ target: { type: "survey-change", id, label: title }, detail: { change: "added", href } }),
});

export const removeChange = mutation({
  name: "survey.manage",
  summary: "Take back what was told as changed.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: () => null,
  run: async (tx, { id }) => {
    const [gone] = await tx.delete(surveyChanges).where(eq(surveyChanges.id, id)).returning({ id: surveyChanges.id, title: surveyChanges.title });
    if (!gone) throw new DomainError("not_found", "There is no such entry; it may have been removed already.");
    return gone;
  },
  audit: (_input, { id, title }) => ({ target: { type: "survey-change", id, label: title }, detail: { change: "removed" } }),
});

export const sendFeedback = mutation({
  name: "feedback.send",
  summary: "Tell the platform team something, under your name.",
  input: FeedbackInput,
  subject: () => null,
  run: (tx, input, ctx) => takeFeedback(tx, { ...input, page: input.page ?? null, userId: idOf(ctx), now: ctx.now }),
  audit: (_input, { id }) => ({ target: { type: "feedback", id } }),
});

export const answerFeedback = mutation({
  name: "feedback.answer",
  summary: "Answer what somebody told the platform team; the sender is told. A later answer replaces an earlier one.",
  input: FeedbackAnswerInput,
  subject: () => null,
  run: (tx, input, ctx) => answerFeedbackOf(tx, { ...input, by: idOf(ctx), now: ctx.now }),
  audit: (input) => ({ target: { type: "feedback", id: input.id } }),
});

/** Removes the demo company's surveys with their published results, its changes and its messages; returns how many monthly surveys. */
export async function removeDemoSurveys(tx: Tx): Promise<number> {
  const gone = await tx.delete(surveys).where(eq(surveys.isDemo, true)).returning({ kind: surveys.kind });
  await tx.delete(surveyChanges).where(eq(surveyChanges.isDemo, true));
  await tx.delete(feedback).where(eq(feedback.isDemo, true));
  return gone.filter(({ kind }) => kind === "monthly").length;
}
