import { inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Tx } from "@/db/client";
import { surveyForms, teams } from "@/db/schema";
import { DomainError, type FieldError } from "@/lib/core/errors";
import type { FormVersion, SurveyForm } from "./contract-form";
import { type FormItem, LIBRARY, ONE_TAP, type Question, questionsIn, SCORE, SCORE_QUESTION, wordsOfQuestion } from "./contract-items";
import { translationsOf } from "./contract-languages";
import { type FormInput, formVersions } from "./form";

const MOST_QUESTIONS = 12;
const MOST_WORDS = 3;
const LEAST_OPTIONS = 2;
const WITH_OPTIONS = new Set(["rating", "choice", "choices", "bucket"]);
const ALL_VERSIONS = 1_000;

type Wanted = z.output<typeof FormInput>;

/**
 * Saves what the next survey asks as a new version. Each question gets the version of its wording: an unchanged one keeps it, one
 * that was asked before in the same words takes up its old series. Throws invalid (by field), and conflict when somebody saved meanwhile.
 */
export async function saveForm(tx: Tx, { basedOn, ...wanted }: Wanted, by: string, now: Date): Promise<FormVersion> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.survey-form'))`);
  const earlier = await formVersions(tx, ALL_VERSIONS);
  const latest = earlier[0]?.version ?? 0;
  if (latest !== basedOn)
    throw new DomainError("conflict", `Version ${latest} was saved while you edited version ${basedOn}. Reload the page to see it; your changes are not in it.`);
  const items = wanted.items.map(({ question, on }) => ({ question: shaped(question as Question), on }));
  const calendar = (wanted.calendar ?? earlier[0]?.calendar ?? []).map((question) => shaped(question as Question));
  const fields = [...problemsOf(items), ...problemsOfMonths(items, calendar), ...(await problemsOfAudience(tx, wanted.audience))];
  if (fields.length) throw new DomainError("invalid", fields[0]?.message ?? "Check the questions.", { fields });
  const known = earlier.flatMap((version) => [...version.items.map(({ question }) => question), ...version.calendar]).concat(LIBRARY);
  const versioned = (question: Question) => ({ ...question, version: versionOf(question, known) });
  const form: SurveyForm = {
    ...wanted,
    items: items.map(({ question, on }) => ({ on, question: versioned(question) })),
    calendar: calendar.map(versioned),
    translations: translationsOf([...items.map(({ question }) => question), ...calendar, ONE_TAP], wanted.translations ?? earlier[0]?.translations ?? {}),
  };
  const version = latest + 1;
  await tx.insert(surveyForms).values({ version, form, createdBy: by, createdAt: now });
  return { ...form, version, createdBy: by, createdAt: now.toISOString() };
}

/** What the kind decides is not the sender's to say: the scale of a score, that words have no options. */
function shaped(question: Question): Question {
  if (question.kind === "nps") return { ...question, options: SCORE_QUESTION.options, ends: question.ends ?? (SCORE_QUESTION.ends as [string, string]) };
  return question.kind === "text" || question.kind === "rotating" ? { ...question, options: [] } : question;
}

const wording = ({ kind, text, options, ends }: Question) => JSON.stringify([kind, text, options.map(({ value, label, worth }) => [value, label, worth ?? null]), ends ?? null]);

function versionOf(question: Question, known: Question[]): number {
  const same = known.filter(({ item }) => item === question.item);
  const asBefore = same.find((one) => wording(one) === wording(question));
  return asBefore?.version ?? Math.max(0, ...same.map(({ version }) => version)) + 1;
}

function problemsOf(items: FormItem[]): FieldError[] {
  const asked = items.filter(({ on }) => on);
  const problems: FieldError[] = [];
  const score = items.find(({ question }) => question.item === SCORE);
  if (!score?.on || score.question.kind !== "nps") problems.push({ path: "items", message: "The score question stays and is always asked: it is the developer NPS." });
  if (asked.length > MOST_QUESTIONS) problems.push({ path: "items", message: `Ask at most ${MOST_QUESTIONS} questions; six take 90 seconds.` });
  if (asked.flatMap(({ question }) => wordsOfQuestion(question)).length > MOST_WORDS) problems.push({ path: "items", message: `Ask for words at most ${MOST_WORDS} times.` });
  const names = items.flatMap(({ question }) => [question.item, ...(question.words ? [question.words] : [])]);
  for (const [place, { question }] of items.entries()) {
    if (names.filter((one) => one === question.item).length > 1)
      problems.push({ path: `items.${place}.question.item`, message: `There are two questions named ${question.item}.` });
    problems.push(...problemsOfOptions(question).map((message) => ({ path: `items.${place}.question.options`, message })));
  }
  return problems;
}

function problemsOfOptions({ kind, options }: Question): string[] {
  if (!WITH_OPTIONS.has(kind)) return [];
  const values = options.map(({ value }) => value);
  return [
    ...(options.length < LEAST_OPTIONS ? [`Give at least ${LEAST_OPTIONS} options.`] : []),
    ...(new Set(values).size !== values.length ? ["Two options are the same."] : []),
    ...(kind === "bucket" && !options.some(({ worth }) => worth !== undefined) ? ["Give the number that each range stands for."] : []),
  ];
}

/** A question may come in several months, and among the others too, as long as it says the same: one item is one series. */
function problemsOfMonths(items: FormItem[], calendar: Question[]): FieldError[] {
  const others = items.map(({ question }) => question);
  return calendar.flatMap((question, month) => {
    const at = (field: string, message: string) => ({ path: `calendar.${month}.${field}`, message });
    const same = [...others, ...calendar].filter((one) => one.item === question.item);
    const asked = questionsIn(items, `2000-${String(month + 1).padStart(2, "0")}`, calendar);
    return [
      ...(question.kind === "rotating" || question.kind === "nps" ? [at("kind", "A month asks a rating, a choice, a number range or a short text.")] : []),
      ...(same.some((one) => wording(one) !== wording(question))
        ? [at("text", "Elsewhere in the survey this question is worded differently. Word both alike, or make it a question of its own.")]
        : []),
      ...(others.some((one) => one.words === question.item) ? [at("item", `${question.item} is the name of another question's words.`)] : []),
      ...(asked.flatMap(wordsOfQuestion).length > MOST_WORDS ? [at("kind", `Ask for words at most ${MOST_WORDS} times.`)] : []),
      ...problemsOfOptions(question).map((message) => at("options", message)),
    ];
  });
}

async function problemsOfAudience(tx: Tx, audience: Wanted["audience"]): Promise<FieldError[]> {
  if (audience.kind !== "teams") return [];
  const found = await tx.select({ ref: teams.ref }).from(teams).where(inArray(teams.ref, audience.teams));
  const missing = audience.teams.filter((ref) => !found.some((team) => team.ref === ref));
  return missing.length ? [{ path: "audience", message: `There is no team ${missing[0]}.` }] : [];
}
