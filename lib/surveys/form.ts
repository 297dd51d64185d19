import { desc } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { surveyForms } from "@/db/schema";
import { OPEN_DAYS, plain } from "./contract";
import { AudienceInput, type FormVersion, type SurveyForm } from "./contract-form";
import { CALENDAR, DEFAULT_ITEMS, KINDS } from "./contract-items";
import { languageName, ORIGINAL_LANGUAGE } from "./contract-languages";

const MAX_OPTIONS = 12;
const MAX_LANGUAGES = 12;
const MAX_TEXTS = 1_000;

const line = (most: number, least = 1, missing = "Write a text.") =>
  z
    .string()
    .transform((text) => plain(text).replace(/\s+/g, " "))
    .pipe(z.string().min(least, missing).max(most, `Keep it to ${most} characters.`));
const name = z.string().regex(/^[a-z\d](?:[a-z\d-]{0,38}[a-z\d])?$/, "Lower-case letters, digits and single hyphens, up to 40.");

const OptionInput = z.strictObject({ value: name, label: line(40, 1, "Name the option."), worth: z.number().min(-1_000_000).max(1_000_000).optional() });

export const QuestionInput = z.strictObject({
  item: name,
  version: z.int().min(1).max(10_000).default(1),
  kind: z.enum(KINDS),
  text: line(200, 3, "Write the question."),
  help: line(200).optional(),
  required: z.boolean().default(false),
  options: z.array(OptionInput).max(MAX_OPTIONS, `At most ${MAX_OPTIONS} options.`).default([]),
  ends: z.tuple([line(40), line(40)]).optional(),
  limit: z.number().min(-1_000_000).max(1_000_000).optional(),
  words: name.optional(),
});

const Language = z.string().refine((code) => code !== ORIGINAL_LANGUAGE && languageName(code) !== null, "A language such as de or pt-BR, other than that of the questions.");

const TranslationsInput = z
  .record(
    Language,
    z.record(z.string().min(1).max(200), line(300, 0)).refine((table) => Object.keys(table).length <= MAX_TEXTS, `At most ${MAX_TEXTS} texts.`),
  )
  .refine((languages) => Object.keys(languages).length <= MAX_LANGUAGES, `At most ${MAX_LANGUAGES} languages.`);

export const FormInput = z.strictObject({
  items: z
    .array(z.strictObject({ question: QuestionInput, on: z.boolean() }))
    .min(1)
    .max(40),
  /** January first. Left out, as it is. */
  calendar: z.array(QuestionInput).length(12, "Give a question for each of the twelve months.").optional(),
  /** Left out, as they are. */
  translations: TranslationsInput.optional(),
  audience: AudienceInput,
  windowDays: z.int("Give a number of days from 2 to 14.").min(2, "Give a number of days from 2 to 14.").max(14, "Give a number of days from 2 to 14."),
  /** Whether people are asked after a run if its outcome was clear. */
  oneTap: z.boolean().default(true),
  /** The version that the person edited; another one saved meanwhile is a conflict. */
  basedOn: z.int().min(0),
});

const DEFAULT_FORM: FormVersion = {
  version: 0,
  items: DEFAULT_ITEMS,
  calendar: CALENDAR,
  translations: {},
  audience: { kind: "everybody" },
  windowDays: OPEN_DAYS,
  oneTap: true,
  createdBy: null,
  createdAt: null,
};

/** What the next survey asks: the latest version that was saved, else what Waymark comes with. */
export async function currentForm(on: Connection): Promise<FormVersion> {
  return (await formVersions(on, 1))[0] ?? DEFAULT_FORM;
}

/** Every version, newest first, down to what Waymark comes with. */
export async function formVersions(on: Connection, limit = 100): Promise<FormVersion[]> {
  const rows = await on.select().from(surveyForms).orderBy(desc(surveyForms.version)).limit(limit);
  // Versions of before months and languages could be chosen have neither.
  const saved = rows.map(({ version, form, createdBy, createdAt }) => ({ ...DEFAULT_FORM, ...(form as SurveyForm), version, createdBy, createdAt: createdAt.toISOString() }));
  return [...saved, ...(saved.length < limit ? [DEFAULT_FORM] : [])];
}
