import { z } from "zod";
import { SEVERITIES, type Severity } from "../contract";

// Pieces that the formats of several senders share. Only the fields that are used are asked for; everything else may be anything.

export const Text = z.string().max(100_000);
export const Time = Text.transform((text) => new Date(text)).refine(
  (at) => !Number.isNaN(at.getTime()) && at.getTime() > Date.UTC(2000, 0, 1) && at.getTime() < Date.UTC(2200, 0, 1),
  "A time is expected, for example 2026-03-02T08:00:00Z.",
);
export const Sha = z
  .string()
  .regex(/^[0-9a-f]{7,64}$/i, "A git hash is expected, 7 to 64 characters 0-9 and a-f.")
  .transform((sha) => sha.toLowerCase());

const WORDS: [RegExp, Severity][] = [
  [/^(critical|page|p1|sev-?1|s1|fatal|emergency)$/i, "critical"],
  [/^(high|major|error|p2|sev-?2|s2)$/i, "high"],
  [/^(medium|warning|warn|moderate|p3|sev-?3|s3)$/i, "medium"],
];

/** The severity that a sender's word means; what is not known is low. */
export const severityOf = (word: string): Severity => WORDS.find(([pattern]) => pattern.test(word.trim()))?.[1] ?? SEVERITIES.find((one) => one === word) ?? "low";
