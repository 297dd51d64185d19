import { z } from "zod";
import type { FormItem } from "./contract-items";

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

export interface SurveyForm {
  items: FormItem[];
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
