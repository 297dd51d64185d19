import { type Kind, type Option, type Question, SCORE_QUESTION } from "@/lib/surveys/contract";

const STARTS: Partial<Record<Kind, Option[]>> = {
  nps: SCORE_QUESTION.options,
  rating: ["Not at all", "A little", "Partly", "Mostly", "Fully"].map((label, place) => ({ value: String(place + 1), label, worth: place + 1 })),
};

/** A question of one's own, to be worded, under a name that is not taken. */
export function ownQuestion(kind: Kind, taken: Set<string>): Question {
  const item = Array.from({ length: 100 }, (_, n) => `own-${n + 1}`).find((name) => !taken.has(name)) ?? `own-${Date.now()}`;
  return { item, version: 1, kind, text: "", required: false, options: STARTS[kind] ?? [], ...(kind === "rating" ? { limit: 3 } : {}) };
}
