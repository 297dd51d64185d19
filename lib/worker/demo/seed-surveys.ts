import { and, eq, like } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { feedback, settings, surveyAnswers, surveyChanges, surveyParticipation, surveyResults, surveys, surveyTags, users } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { DEFAULT_ITEMS, K, ONE_TAP, type Question, questionsIn } from "@/lib/surveys/contract";
import { openSurveyNow, publishResults, readAudience } from "@/lib/surveys/jobs";
import { AI_TIME, CHANGES, COMMENT_THEMES, COMMENTS, FEEDBACK, FIRST_MOOD, MOODS, REASONS, RESPONSE, USUAL_RESPONSE } from "./survey-history";

const MONTHS = 12;
const OPENING_DAY = 20;
const DAY_MS = 86_400_000;
/** Only these latest surveys have words. */
const WITH_COMMENTS = 3;
const COMMENT_SHARE = 0.3;
const ONE_TAP_RESPONSE = 0.45;

type Audience = Awaited<ReturnType<typeof readAudience>>;

/** Writes the demo company's twelve past surveys, once, through the same publishing as live ones, and opens a live one. Needs the demo people. */
export async function seedDemoSurveys(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.surveys", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const audience = await readAudience(tx);
  for (let monthsAgo = MONTHS; monthsAgo >= 1; monthsAgo--) {
    await pastSurvey(tx, audience, monthsAgo, now);
    await pastOneTap(tx, audience, monthsAgo, now);
  }
  await tx.insert(surveyChanges).values(
    CHANGES.map(({ monthsAgo, ...change }) => ({
      id: newId("surveyChange"),
      ...change,
      changedOn: `${openingOf(monthsAgo, now).toISOString().slice(0, 8)}02`,
      isDemo: true,
    })),
  );
  await pastFeedback(tx, now);
  const [live] = await tx.select({ id: surveys.id }).from(surveys).where(eq(surveys.isDemo, false));
  if (!live) await openSurveyNow(tx, now, null);
}

function openingOf(monthsAgo: number, now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, OPENING_DAY, 9));
}

async function pastSurvey(tx: Tx, { tree, people }: Audience, monthsAgo: number, now: Date): Promise<void> {
  const opensAt = openingOf(monthsAgo, now);
  const closesAt = new Date(opensAt.getTime() + 7 * DAY_MS);
  const id = newId("survey", opensAt.getTime());
  const period = opensAt.toISOString().slice(0, 7);
  const questions = questionsIn(DEFAULT_ITEMS, period);
  await tx.insert(surveys).values({
    id,
    period,
    state: "closed",
    opensAt,
    closesAt,
    closedAt: closesAt,
    questions,
    tree,
    remindedDay: 6,
    settledAt: closesAt,
    isDemo: true,
    createdAt: opensAt,
  });
  const random = numbers(monthsAgo * 7_919);
  const names = new Map(tree.map((node) => [node.id, node.name]));
  const parents = new Map(tree.map((node) => [node.id, node.parentId]));
  const answering = people.map((person) => ({ ...person, answers: random() < (RESPONSE[names.get(person.node) ?? ""] ?? USUAL_RESPONSE) }));
  await tx.insert(surveyParticipation).values(
    answering.map(({ userId, node, answers }) => ({
      surveyId: id,
      userId,
      node,
      answeredOn: answers ? new Date(opensAt.getTime() + Math.floor(random() ** 2 * 7) * DAY_MS).toISOString().slice(0, 10) : null,
    })),
  );
  const words = monthsAgo <= WITH_COMMENTS ? [...COMMENTS] : [];
  const rows = answering.filter(({ answers }) => answers).flatMap(({ node }) => answersOf({ node, division: parents.get(node) ?? node, questions, monthsAgo, random, words }));
  await tx.insert(surveyAnswers).values(rows.map((row) => ({ surveyId: id, ...row })));
  await publishResults(tx, { id, questions, tree, k: K, isDemo: true });
  await giveThemes(tx, id);
}

/** What the platform team made of the words. */
async function giveThemes(tx: Tx, surveyId: string): Promise<void> {
  const published = await tx
    .select()
    .from(surveyResults)
    .where(and(eq(surveyResults.surveyId, surveyId), like(surveyResults.item, "comments%")));
  const tags = published.flatMap(({ node, cell }) =>
    ((cell.comments ?? []) as string[]).flatMap((text, place) => {
      const tag = COMMENT_THEMES.find(({ words }) => words.test(text))?.theme;
      return tag ? [{ surveyId, item: "comment", node, place, tag }] : [];
    }),
  );
  if (tags.length) await tx.insert(surveyTags).values(tags);
}

/** The question after a run: fewer answer it than the survey, and more find outcomes clear since runs say what to do next. */
async function pastOneTap(tx: Tx, { tree, people }: Audience, monthsAgo: number, now: Date): Promise<void> {
  const month = openingOf(monthsAgo, now).toISOString().slice(0, 7);
  const [opensAt, closesAt] = [new Date(`${month}-01T09:00:00Z`), new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo + 1, 1, 9))];
  const id = newId("survey", opensAt.getTime());
  const common = { period: month, state: "closed" as const, opensAt, closesAt, closedAt: closesAt, settledAt: closesAt, isDemo: true, createdAt: opensAt };
  await tx.insert(surveys).values({ id, kind: "one-tap", questions: [ONE_TAP], tree, ...common });
  const random = numbers(monthsAgo * 104_729);
  const mood = moodOf(monthsAgo);
  const tapped = people.filter(() => random() < ONE_TAP_RESPONSE);
  await tx
    .insert(surveyAnswers)
    .values(tapped.map(({ node }) => ({ surveyId: id, node, item: ONE_TAP.item, value: ONE_TAP.options[weighted(mood.clear, random())]?.value ?? "yes" })));
  await publishResults(tx, { id, questions: [ONE_TAP], tree, k: K, isDemo: true });
}

const moodOf = (monthsAgo: number) => MOODS.filter(({ from }) => monthsAgo <= from).at(-1)?.mood ?? FIRST_MOOD;

interface Answering {
  node: string;
  division: string;
  questions: Question[];
  monthsAgo: number;
  random: () => number;
  /** Words not used yet. */
  words: string[];
}

function answersOf({ node, division, questions, monthsAgo, random, words }: Answering) {
  const mood = moodOf(monthsAgo);
  const place = random();
  const band = place < mood.promoters ? "promoters" : place > 1 - mood.detractors ? "detractors" : "passives";
  const score = { promoters: 9 + Math.floor(random() * 2), passives: 7 + Math.floor(random() * 2), detractors: 2 + Math.floor(random() * 5) }[band];
  const weights: Record<string, number[]> = { reason: REASONS[band], hours: mood.hours, outcome: mood.outcome, concepts: mood.concepts, "ai-time": AI_TIME };
  const comment = random() < COMMENT_SHARE ? words.splice(Math.floor(random() * words.length), 1)[0] : undefined;
  const chosen = questions
    .filter(({ kind }) => kind !== "nps")
    .map(({ item, options }) => ({ node, item, value: options[weighted(weights[item] ?? mood.rotating, random())]?.value ?? "" }));
  return [{ node, item: "score", value: String(score) }, ...chosen, ...(comment ? [{ node: division, item: "comment", value: comment }] : [])].filter(({ value }) => value !== "");
}

/** The place at which the running sum of the weights passes the share of the whole. */
function weighted(weights: number[], share: number): number {
  const wanted = share * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((_, place) => weights.slice(0, place + 1).reduce((sum, weight) => sum + weight, 0) > wanted);
}

/** The same numbers between 0 and 1 at every start (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function pastFeedback(tx: Tx, now: Date): Promise<void> {
  const ids = new Map((await tx.select({ id: users.id, handle: users.handle }).from(users).where(eq(users.isDemo, true))).map((user) => [user.handle, user.id]));
  for (const { from, hoursAgo, answer, ...message } of FEEDBACK) {
    const userId = ids.get(from);
    if (!userId) continue;
    const createdAt = new Date(now.getTime() - hoursAgo * 3_600_000);
    const answered = answer ? { answer, answeredBy: ids.get("pat") ?? null, answeredAt: new Date(createdAt.getTime() + 2 * 3_600_000) } : {};
    await tx.insert(feedback).values({ id: newId("feedback", createdAt.getTime()), userId, createdAt, isDemo: true, ...message, ...answered });
  }
}
