import { z } from "zod";
import type { FormItem, Question } from "./contract-items";
import type { Translations } from "./contract-languages";

export const AudienceInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("everybody") }),
  z.strictObject({ kind: z.literal("third") }),
  z.strictObject({ kind: z.literal("teams"), teams: z.array(z.string().max(200)).min(1, "Choose at least one team.").max(500) }),
]);
export type AudienceChoice = z.output<typeof AudienceInput>;

/** Whom a survey asks, in words. */
export function audienceWords(audience: AudienceChoice): string {
  if (audience.kind === "everybody") return "Everybody";
  if (audience.kind === "third") return "A third of everybody, another each month";
  return audience.teams.length === 1 ? "1 chosen team" : `${audience.teams.length} chosen teams`;
}

/** A month and those after it, with their names: `{period: "2026-12", title: "December 2026"}`. */
export function monthsFrom(period: string, count: number): { period: string; title: string }[] {
  const [year = 0, month = 1] = period.split("-").map(Number);
  return Array.from({ length: count }, (_, ahead) => {
    const first = new Date(Date.UTC(year, month - 1 + ahead, 1));
    return { period: first.toISOString().slice(0, 7), title: first.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }) };
  });
}

export interface SurveyForm {
  items: FormItem[];
  /** The question of each month, January first, where the form asks one that changes. */
  calendar: Question[];
  translations: Translations;
  audience: AudienceChoice;
  windowDays: number;
  oneTap: boolean;
}

export interface FormVersion extends SurveyForm {
  /** 0 is what Waymark comes with. */
  version: number;
  createdBy: string | null;
  createdAt: string | null;
}
