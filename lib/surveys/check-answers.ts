import { DomainError, type FieldError } from "@/lib/core/errors";
import { type Answers, MAX_COMMENT } from "./contract";
import { type Question, wordsOfQuestion } from "./contract-items";

/** One counted answer: the name of its cell, or of the words, and the value. */
export interface ItemAnswer {
  item: string;
  value: string;
}

type Given = Answers[string] | undefined;
type Checked = { answers: ItemAnswer[] } | { problem: string };

/**
 * The answers as they are counted, item by item; what was left out stays out. Throws DomainError("invalid") that names every
 * field: a value that the question does not offer, words that are too long, a required question left out, an unknown item.
 */
export function checkAnswers(questions: Question[], given: Answers): ItemAnswer[] {
  const answers: ItemAnswer[] = [];
  const fields: FieldError[] = [];
  const known = new Set(questions.flatMap((question) => [question.item, ...wordsOfQuestion(question)]));
  const take = (item: string, checked: Checked) => {
    if ("problem" in checked) fields.push({ path: `answers.${item}`, message: checked.problem });
    else answers.push(...checked.answers);
  };
  for (const question of questions) {
    take(question.item, question.kind === "text" ? checkedWords(question.item, given[question.item]) : checkedChoice(question, given[question.item]));
    if (question.words) take(question.words, checkedWords(question.words, given[question.words]));
  }
  for (const item of Object.keys(given)) if (!known.has(item)) fields.push({ path: `answers.${item.slice(0, 60)}`, message: "This survey does not ask that." });
  if (fields.length) throw new DomainError("invalid", fields[0]?.message ?? "Check the answers.", { fields });
  return answers;
}

function checkedChoice(question: Question, value: Given): Checked {
  const { item, kind, options, required } = question;
  const expected = expectation(question);
  if (value === undefined) return required ? { problem: expected } : { answers: [] };
  if (kind === "nps")
    return typeof value === "number" && options.some((one) => one.value === String(value)) ? { answers: [{ item, value: String(value) }] } : { problem: expected };
  if (kind === "choices") {
    if (!Array.isArray(value) || value.some((one) => !options.some((option) => option.value === one))) return { problem: expected };
    // Nothing chosen is an answer too: none of them.
    return { answers: options.map((option) => ({ item: `${item}:${option.value}`, value: value.includes(option.value) ? "yes" : "no" })) };
  }
  return typeof value === "string" && options.some((one) => one.value === value) ? { answers: [{ item, value }] } : { problem: expected };
}

function expectation({ kind, options }: Question): string {
  if (kind === "nps") return "Choose a number from 0 to 10.";
  const values = options.map(({ value }) => value).join(", ");
  return kind === "choices" ? `Choose any of ${values}, or leave it out.` : `Choose one of ${values}, or leave it out.`;
}

function checkedWords(item: string, value: Given): Checked {
  if (value === undefined) return { answers: [] };
  if (typeof value !== "string") return { problem: "Write a text, or leave it out." };
  if (value.length > MAX_COMMENT) return { problem: `Keep it to ${MAX_COMMENT} characters.` };
  // Half of a surrogate pair cannot be stored; this is what takes its place everywhere.
  const words = Buffer.from(value).toString();
  return { answers: words ? [{ item, value: words }] : [] };
}

const KIB = 1_024;
/** What JSON adds to each answer besides its item and value, generously. */
const AROUND = 24;

/** Bytes that any ballot of these questions fits in: padded to it, all are of one length. */
export function ballotBytes(questions: Question[]): number {
  const longest = questions.map(({ item, kind, options, words }) => {
    const values = options.map(({ value }) => value.length);
    const chosen = kind === "choices" ? options.reduce((sum, { value }) => sum + item.length + value.length + 4 + AROUND, 0) : item.length + Math.max(0, ...values) + AROUND;
    // Three bytes are the most that a unit of text takes; an escaped line break takes two.
    return chosen + (kind === "text" || words ? item.length + 60 + 3 * MAX_COMMENT + AROUND : 0);
  });
  return Math.ceil((longest.reduce((sum, one) => sum + one, 0) + 200) / KIB) * KIB;
}
