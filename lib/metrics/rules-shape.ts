import { z } from "zod";
import { AiSignals, DEFAULT_AI_SIGNALS } from "./ai/signals";
import { TIERS } from "./event-rows";

// What counts as what. Rules are versioned; the figures are always those of the highest version, for all time.

const Pattern = z.string().trim().min(1, "Write a name or a pattern, for example *[bot].").max(100, "At most 100 characters.");
const Patterns = z.array(Pattern).max(50, "At most 50 patterns.");

export const Rules = z.strictObject({
  /** An incident without a named cause is put down to the last deployment before it, unless that is longer ago than this. */
  incidentWindowHours: z
    .number()
    .int()
    .min(1, "At least 1 hour.")
    .max(24 * 30, "At most 30 days."),
  /** Names of environments, in order; the first that fits says the tier of a deployment that names none. */
  tiers: z.array(z.strictObject({ environment: Pattern, tier: z.enum(TIERS) })).max(50, "At most 50 rows."),
  /** Flags of a deployment that make it rework, besides rollbacks and those that name what they repair. */
  reworkFlags: Patterns,
  /** First lines of the deployed commit that make it rework. */
  reworkSubjects: Patterns,
  /** Authors that are programs. */
  bots: Patterns,
  countBots: z.boolean(),
  /** Folders of a service inside a repository of many services; a commit belongs to it when it touches one of them. */
  paths: z.record(z.string().max(200), z.array(z.string().trim().min(1).max(300)).max(50)),
  /** Alerts become incidents only with one of these values of the label `severity`. */
  alertSeverities: Patterns,
  /** Runs of these workflows at GitHub are deployments, and to what. */
  workflows: z.array(z.strictObject({ workflow: Pattern, environment: Pattern })).max(50, "At most 50 rows."),
  /** A published release at GitHub is a deployment to production. */
  releases: z.boolean(),
  /** Issues at GitHub with one of these labels are incidents. */
  incidentLabels: Patterns,
  /** By what a commit says of itself that AI wrote it or helped. */
  aiSignals: AiSignals,
  /** So many environments are to be usable within so many seconds, over so many days. */
  provisioning: z.strictObject({ seconds: z.number().int().min(1).max(86_400), share: z.number().min(0.5).max(0.999), days: z.number().int().min(7).max(92) }),
});
export type Rules = z.output<typeof Rules>;

export const DEFAULT_RULES: Rules = {
  incidentWindowHours: 72,
  tiers: [],
  reworkFlags: ["hotfix", "rework"],
  reworkSubjects: [],
  bots: ["*[bot]", "dependabot", "dependabot-preview", "renovate", "renovate-bot", "github-actions"],
  countBots: false,
  paths: {},
  alertSeverities: ["critical", "page"],
  workflows: [],
  releases: false,
  incidentLabels: [],
  aiSignals: DEFAULT_AI_SIGNALS,
  provisioning: { seconds: 120, share: 0.95, days: 28 },
};
