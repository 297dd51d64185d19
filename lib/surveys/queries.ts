import "server-only";
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { surveys, users } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { can, teamsWithin } from "@/lib/core/policy";
import { loadSettings } from "@/lib/platform/queries";
import { periodOf, titleOf } from "./calendar";
import { changesFor, changeTargets } from "./changes";
import { type Change, type Feedback, FeedbackListInput, type FiguresOfMonth, OfSurvey, type OneTapMonth, type Preferences, type Results, type Survey } from "./contract";
import type { FormVersion } from "./contract-form";
import { audienceWords } from "./contract-form";
import { FOLLOWED_ITEMS, ONE_TAP, type Question, questionsIn } from "./contract-items";
import { oneFeedback, pageOfFeedback } from "./feedback";
import { currentForm, formVersions } from "./form";
import { surveyMetric } from "./metric";
import { oneTapOf } from "./one-tap";
import { preferencesOf } from "./preferences";
import { presentSurvey } from "./present";
import { figuresOf, hasLiveResults, historyOf, mayRead, readResults } from "./results";
import { ORG } from "./tree";

const Nothing = z.strictObject({});
const DataChoice = z.enum(["live", "demo"]).optional();
const MOST_SURVEYS = 100;
const YEAR_MS = 365 * 86_400_000;

const personOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);

async function surveyNamed(on: Connection, id: string) {
  const [row] = await on.select().from(surveys).where(eq(surveys.id, id));
  if (!row) throw new DomainError("not_found", "There is no such survey.");
  return row;
}

export const listSurveys = query({
  name: "survey.read",
  summary: "All surveys, newest first, with how many were asked and have answered.",
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(MOST_SURVEYS).default(50), state: z.enum(["scheduled", "open", "closed"]).optional(), data: DataChoice }),
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: Survey[]; nextCursor: null; total: number }> => {
    const rows = await on
      .select()
      .from(surveys)
      .where(and(eq(surveys.kind, "monthly"), input.state ? eq(surveys.state, input.state) : undefined, input.data ? eq(surveys.isDemo, input.data === "demo") : undefined))
      .orderBy(desc(surveys.opensAt))
      .limit(input.limit);
    const items = await Promise.all(rows.map((row) => presentSurvey(on, row, personOf(ctx))));
    return { items, nextCursor: null, total: items.length };
  },
});

export const getSurvey = query({
  name: "survey.read",
  summary: "One survey with its questions, and whether you have answered.",
  input: OfSurvey,
  subject: () => null,
  run: async (on, { id }, ctx): Promise<Survey> => presentSurvey(on, await surveyNamed(on, id), personOf(ctx)),
});

/** The survey to answer now: the open one, else null. */
export const getOpenSurvey = query({
  name: "survey.read",
  summary: "The open survey, if there is one.",
  input: Nothing,
  subject: () => null,
  run: async (on, _input, ctx): Promise<Survey | null> => {
    const [row] = await on
      .select()
      .from(surveys)
      .where(and(eq(surveys.state, "open"), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
    return row && row.closesAt > ctx.now ? presentSurvey(on, row, personOf(ctx)) : null;
  },
});

/** The promise that holds for who answers now: the open survey's, else that of the next one. */
export const surveyRules = query({
  name: "survey.read",
  summary: "The smallest group that is shown.",
  input: Nothing,
  subject: () => null,
  run: async (on): Promise<{ k: number }> => {
    const [row] = await on
      .select({ k: surveys.k })
      .from(surveys)
      .where(and(eq(surveys.state, "open"), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
    return { k: row?.k ?? (await loadSettings(on))["surveys.k"] };
  },
});

export const surveyPreferences = query({
  name: "survey.read",
  summary: "What you said about being asked.",
  input: Nothing,
  subject: () => null,
  run: async (on, _input, ctx): Promise<Preferences> => {
    const { isOptedOut, snoozedUntil } = await preferencesOf(on, personOf(ctx) ?? "");
    return { isOptedOut, snoozedUntil };
  },
});

export const oneTap = query({
  name: "survey.read",
  summary: "The question after a run, where you may be asked it now, with its texts in other languages.",
  input: Nothing,
  subject: () => null,
  run: async (on, _input, ctx) => {
    const open = await oneTapOf(on, personOf(ctx) ?? "", ctx.now);
    return { question: open ? ONE_TAP : null, translations: open?.translations ?? {} };
  },
});

export const oneTapResults = query({
  name: "survey.read",
  summary: "Whether people found outcomes of runs clear, by closed month, for one group that you may see; newest first.",
  input: z.strictObject({ node: z.string().max(200).default(ORG), data: DataChoice }),
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: OneTapMonth[] }> => {
    const node = input.node.toLowerCase();
    await requireReach(on, ctx, node);
    const isDemo = input.data ? input.data === "demo" : !(await hasLiveResults(on));
    const history = await historyOf(on, node, [ONE_TAP.item], isDemo, "one-tap");
    return { items: history.map(({ survey, cells }) => ({ survey: survey.id, title: titleOf(survey.period), cell: cells.get(ONE_TAP.item) ?? null })).reverse() };
  },
});

export const itemHistory = query({
  name: "survey.read",
  summary: "What hours, concepts and clear feedback came to in each closed survey, for one group that you may see; oldest first.",
  input: z.strictObject({ node: z.string().max(200).default(ORG), data: DataChoice }),
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: FiguresOfMonth[] }> => {
    const node = input.node.toLowerCase();
    await requireReach(on, ctx, node);
    const isDemo = input.data ? input.data === "demo" : !(await hasLiveResults(on));
    const history = await historyOf(on, node, FOLLOWED_ITEMS, isDemo);
    return {
      items: history.map(({ survey, cells }) => {
        const asked = (survey.questions as Question[]).filter(({ item }) => FOLLOWED_ITEMS.includes(item));
        return { survey: survey.id, title: titleOf(survey.period, survey.round), k: survey.k, figures: figuresOf(asked, Object.fromEntries(cells)) };
      }),
    };
  },
});

export const getParticipation = query({
  name: "survey.read",
  summary: "How many were asked and have answered, of the whole organisation; never who.",
  input: OfSurvey,
  subject: () => null,
  run: async (on, { id }, ctx) => {
    const { asked, answered, state } = await presentSurvey(on, await surveyNamed(on, id), personOf(ctx));
    return { survey: id, state, asked, answered };
  },
});

export const getResults = query({
  name: "survey.read",
  summary: "The published results of a closed survey: the organisation, and the teams and divisions that you may see.",
  input: OfSurvey,
  subject: () => null,
  run: async (on, { id }, ctx): Promise<Results> => {
    const row = await surveyNamed(on, id);
    const survey = await presentSurvey(on, row, personOf(ctx));
    if (row.state !== "closed") throw new DomainError("conflict", `The survey of ${survey.title} is not closed yet. Results are published once, when it closes.`);
    return { survey, ...(await readResults(on, row, teamsWithin(ctx.actor, "survey.read-results"))) };
  },
});

const moment = z.iso.datetime({ offset: true }).or(z.iso.date()).optional();

export const npsMetric = query({
  name: "survey.read",
  summary: "Developer NPS or non-core time by month, in the shape of every metric.",
  input: z.strictObject({
    metric: z.enum(["nps", "non-core-time"]).default("nps"),
    node: z.string().max(200).default(ORG),
    from: moment,
    to: moment,
    grain: z.enum(["day", "week", "month"]).default("month"),
    data: DataChoice,
  }),
  subject: () => null,
  run: async (on, input, ctx) => {
    const to = input.to ? new Date(input.to) : new Date(ctx.now.getTime() + 1);
    const from = input.from ? new Date(input.from) : new Date(to.getTime() - YEAR_MS);
    if (from >= to) throw new DomainError("invalid", "The window is empty: `to` must come after `from`.", { fields: [{ path: "to", message: "Must come after `from`." }] });
    const node = input.node.toLowerCase();
    await requireReach(on, ctx, node);
    const isDemo = input.data ? input.data === "demo" : !(await hasLiveResults(on));
    return surveyMetric(on, { metric: input.metric, node, from, to, isDemo });
  },
});

/** Throws not_found for a group that the person may not see or that there is not. */
async function requireReach(on: Connection, ctx: Ctx, node: string): Promise<void> {
  if (node === ORG) return;
  const team = await on.query.teams.findFirst({ where: (teams, { eq: is }) => is(teams.ref, node) });
  if (!team || !mayRead(teamsWithin(ctx.actor, "survey.read-results"), team.id)) throw new DomainError("not_found", "There is no such group, or you may not see its results.");
}

export const listChanges = query({
  name: "survey.read",
  summary: "What was changed because of surveys, newest first.",
  input: Nothing,
  subject: () => null,
  run: async (on, _input, ctx): Promise<{ items: Change[] }> => {
    return { items: await changesFor(on, teamsWithin(ctx.actor, "run.read")) };
  },
});

export const listChangeTargets = query({
  name: "survey.manage",
  summary: "What a change can be linked to: latest deployments to production, versions of golden paths, and runs.",
  input: Nothing,
  subject: () => null,
  run: async (on) => ({ items: await changeTargets(on) }),
});

export const surveySchedule = query({
  name: "survey.manage",
  summary: "The day on which surveys open by themselves, the next one, and what it will ask.",
  input: Nothing,
  subject: () => null,
  run: async (on, _input, ctx) => {
    const [settings, form, [waiting]] = await Promise.all([
      loadSettings(on),
      currentForm(on),
      on
        .select()
        .from(surveys)
        .where(and(eq(surveys.state, "scheduled"), eq(surveys.kind, "monthly"))),
    ]);
    const period = waiting?.period ?? periodOf(ctx.now, env().timeZone);
    return {
      day: settings["surveys.day"],
      k: settings["surveys.k"],
      next: waiting?.opensAt.toISOString() ?? null,
      period,
      title: titleOf(period),
      audience: audienceWords(form.audience),
      windowDays: form.windowDays,
      questions: questionsIn(form.items, period, form.calendar),
      translations: form.translations,
    };
  },
});

export const surveyForm = query({
  name: "survey.manage",
  summary: "What the next survey asks, whom and how long, with every version before and who saved it.",
  input: Nothing,
  subject: () => null,
  run: async (on): Promise<FormVersion & { versions: (FormVersion & { by: string | null })[] }> => {
    const versions = await formVersions(on);
    const authors = versions.flatMap(({ createdBy }) => (createdBy ? [createdBy] : []));
    const people = authors.length ? await on.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, authors)) : [];
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return {
      ...(await currentForm(on)),
      versions: versions.map((version) => ({ ...version, by: version.createdBy ? (names.get(version.createdBy) ?? version.createdBy) : null })),
    };
  },
});

/** Whether demo and live results are there, for the switch between them. */
export const resultKinds = query({
  name: "survey.read",
  summary: "Which kinds of results there are.",
  input: Nothing,
  subject: () => null,
  run: async (on) => {
    const rows = await on
      .selectDistinct({ isDemo: surveys.isDemo })
      .from(surveys)
      .where(and(eq(surveys.state, "closed"), eq(surveys.kind, "monthly")));
    return { live: rows.some((row) => !row.isDemo), demo: rows.some((row) => row.isDemo) };
  },
});

export const listFeedback = query({
  name: "feedback.answer",
  summary: "What people told the platform team, newest first.",
  input: FeedbackListInput,
  subject: () => null,
  run: (on, input) => pageOfFeedback(on, input),
});

export const listOwnFeedback = query({
  name: "feedback.send",
  summary: "What you told the platform team, and what you were answered.",
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  subject: () => null,
  run: (on, { limit }, ctx) => pageOfFeedback(on, { limit, userId: personOf(ctx) ?? "" }),
});

export const getFeedback = query({
  name: "feedback.send",
  summary: "One message to the platform team: your own, or any for the platform team.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: () => null,
  run: async (on, { id }, ctx): Promise<Feedback> => {
    const { message, userId } = await oneFeedback(on, id);
    if (userId !== personOf(ctx) && !can(ctx.actor, "feedback.answer")) throw new DomainError("not_found", "There is no such message.");
    return message;
  },
});
