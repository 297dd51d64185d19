import { z } from "zod";
import type { FactGroupName } from "./contract-facts";

export * from "./contract-campaigns";
export * from "./contract-facts";

/** A slug; part of addresses and commands. */
const Slug = z.string().regex(/^[a-z][a-z0-9-]{0,48}[a-z0-9]$/, "Use 2 to 50 lower-case letters, digits and hyphens, beginning with a letter.");
export const ScorecardName = Slug.refine((name) => name !== "evaluate" && name !== "new", "This name belongs to an address of its own. Choose another one.");

const text = (max: number, what: string) =>
  z
    .string({ error: what })
    .trim()
    .min(1, what)
    .max(max, `At most ${max.toLocaleString("en")} characters.`);
const words = z.array(z.string().trim().min(1).max(63)).max(30, "At most 30.").default([]);

export const EFFORTS = ["small", "medium", "large"] as const;
export type Effort = (typeof EFFORTS)[number];
export const EFFORT_WORDS: Record<Effort, string> = { small: "minutes", medium: "hours", large: "days" };

export const Check = z.strictObject({
  id: Slug,
  title: text(100, "Give the check a title, such as Has documentation."),
  /** Name of the level that it belongs to. */
  level: z.string().max(50),
  /** In CEL, over the facts. Its problems are told with line and column. */
  condition: z.string({ error: "Write a condition, for example docs.present." }).trim().max(20_000, "At most 2,000 characters. Split it into several checks."),
  why: text(2_000, "Say why it matters: people do not do what they do not see the use of."),
  /** Markdown. */
  fix: text(4_000, "Say how to make it pass."),
  /** What it usually takes to make it pass: the cheapest one is offered first. */
  effort: z.enum(EFFORTS).default("medium"),
  /** Concern of golden paths that it is about: who left that concern on purpose is not failing. */
  concern: z.string().trim().max(63).optional(),
  /** Name of the self-service action that makes it pass: offered beside the check with the entity filled in, where it can be run on that entity. */
  action: Slug.optional(),
});
export type Check = z.output<typeof Check>;

const Level = z.strictObject({ name: Slug, title: text(40, "Give the level a title, such as Bronze.") });
export type Level = z.output<typeof Level>;

const AppliesTo = z.strictObject({ kinds: words, types: words, lifecycles: words, tags: words });
export type AppliesTo = z.output<typeof AppliesTo>;

export const MAX_CHECKS = 40;

export const ScorecardDefinition = z
  .strictObject({
    title: text(80, "Give the scorecard a title, such as Production readiness."),
    description: z.string().trim().max(500, "At most 500 characters.").default(""),
    /** Each filter that is not empty has to fit; several values of one mean any of them. */
    appliesTo: AppliesTo.default({ kinds: ["component"], types: [], lifecycles: [], tags: [] }),
    /** The lowest first. */
    levels: z.array(Level).min(1, "Add at least one level.").max(6, "At most 6 levels."),
    checks: z.array(Check).min(1, "Add at least one check.").max(MAX_CHECKS, `At most ${MAX_CHECKS} checks.`),
  })
  .superRefine(({ levels, checks }, problems) => {
    const say = (path: (string | number)[], message: string) => problems.addIssue({ code: "custom", path, message });
    const repeated = (names: string[], at: number) => names.indexOf(names[at] ?? "") !== at;
    const names = levels.map(({ name }) => name);
    levels.forEach((level, at) => {
      if (repeated(names, at)) say(["levels", at, "name"], `There are two levels named ${level.name}.`);
      else if (!checks.some((check) => check.level === level.name)) say(["levels", at, "name"], `No check belongs to ${level.title}. Add one, or remove the level.`);
    });
    const ids = checks.map(({ id }) => id);
    checks.forEach((check, at) => {
      if (repeated(ids, at)) say(["checks", at, "id"], `There are two checks with the id ${check.id}.`);
      if (!names.includes(check.level)) say(["checks", at, "level"], `There is no level ${check.level.slice(0, 50)}. There are: ${names.join(", ")}.`);
    });
  });
export type ScorecardDefinition = z.output<typeof ScorecardDefinition>;

export const CHECK_STATES = ["pass", "fail", "unknown", "ejected", "exempt"] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** What an entity has reached; index 0 and no name = not even the first level. */
export interface LevelReached {
  index: number;
  of: number;
  name: string | null;
  title: string;
}

export interface ScorecardSummary {
  name: string;
  title: string;
  description: string;
  appliesTo: AppliesTo;
  levels: Level[];
  checks: number;
  isEnabled: boolean;
  revision: number;
  /** How many entities it applies to. */
  entities: number;
  /** Entities per level, beginning with those that have none. */
  distribution: number[];
  /** The same four weeks ago; null where it was not evaluated then. */
  before: number[] | null;
  /** Null before the first evaluation. */
  evaluatedAt: string | null;
  updatedAt: string;
}

export interface ScorecardException {
  id: string;
  entityRef: string;
  entityTitle: string;
  checkId: string;
  reason: string;
  expiresAt: string;
  grantedBy: string | null;
  createdAt: string;
  /** The reader may take it back. */
  mayEnd: boolean;
}

/** A check with how the entities stand to it. */
export interface CheckSummary extends Check {
  counts: Record<CheckState, number>;
}

export interface TrendPoint {
  day: string;
  /** Entities per level, beginning with those that have none. */
  counts: number[];
}

export interface ScorecardDetail extends Omit<ScorecardSummary, "checks"> {
  checks: CheckSummary[];
  trend: TrendPoint[];
  exceptions: ScorecardException[];
  /** When facts were last gathered. */
  factsAt: string | null;
}

export interface NextStep {
  id: string;
  title: string;
  effort: Effort;
}

export interface ResultRow {
  entityRef: string;
  title: string;
  ownerRef: string | null;
  level: LevelReached;
  /** Null = the first evaluation. */
  previousLevel: LevelReached | null;
  levelSince: string;
  evaluatedAt: string;
  /** What is in the way of the next level, cheapest first. */
  missing: (NextStep & { state: CheckState })[];
}

export interface ObservedFact {
  /** `docs.ageDays` */
  path: string;
  /** Undefined where it is not known, or not for this reader. */
  value?: unknown;
  isWithheld: boolean;
  source: string;
  /** When its source last said so. */
  at: string | null;
}

export interface CheckResult {
  id: string;
  title: string;
  level: string;
  condition: string;
  why: string;
  fix: string;
  effort: Effort;
  /** Name of the self-service action that makes it pass. */
  action?: string | undefined;
  state: CheckState;
  /** Of an unknown one, what was last known; it still counts. */
  lastKnown: { outcome: "pass" | "fail"; at: string } | null;
  reason: string | null;
  observed: ObservedFact[];
  stateSince: string;
  exception: ScorecardException | null;
  /** The open campaign that asks for it soonest, where it does not count yet. */
  due: { campaign: string; until: string } | null;
}

export interface EntityScorecard {
  name: string;
  title: string;
  description: string;
  levels: Level[];
  level: LevelReached;
  previousLevel: LevelReached | null;
  levelSince: string;
  evaluatedAt: string;
  /** What is in the way of the next level, cheapest first. */
  next: NextStep[];
  checks: CheckResult[];
  mayExempt: boolean;
}

/** Levels of one entity, for lists and heads: one per scorecard, the oldest first. */
export interface LevelBadge {
  scorecard: string;
  title: string;
  level: LevelReached;
}

/** A service of mine whose level fell. */
export interface LevelDrop {
  scorecard: string;
  title: string;
  entityRef: string;
  entityTitle: string;
  from: LevelReached;
  to: LevelReached;
  at: string;
  /** The first check that no longer passes. */
  check: string | null;
}

export interface CheckPreview {
  id: string;
  /** Why the condition cannot be used. */
  problem: { line: number; column: number; message: string } | null;
  counts: Record<"pass" | "fail" | "unknown", number>;
}

export interface Preview {
  entities: number;
  /** Entities per level, beginning with those that have none; null while a condition cannot be used. */
  distribution: number[] | null;
  checks: CheckPreview[];
  /** The entity that was asked about, where the scorecard applies to it. */
  entity: {
    ref: string;
    title: string;
    level: LevelReached | null;
    checks: { id: string; outcome: "pass" | "fail" | "unknown"; reason: string | null; observed: ObservedFact[] }[];
  } | null;
}

export interface Revision {
  revision: number;
  note: string;
  savedBy: string | null;
  savedAt: string;
  definition: ScorecardDefinition;
}

/** What the platform team sees of one. */
export interface ScorecardForEdit {
  name: string;
  definition: ScorecardDefinition;
  revision: number;
  isEnabled: boolean;
  updatedAt: string;
  revisions: Revision[];
}

export const ScorecardKey = z.strictObject({ name: z.string().max(64) });
export const ScorecardListInput = z.strictObject({ scope: z.enum(["enabled", "all"]).default("enabled") });
export const CreateScorecardInput = z.strictObject({ name: ScorecardName, definition: ScorecardDefinition });
export const EditScorecardInput = ScorecardKey.extend({
  /** The revision that the change is based on: somebody else's later one is not written over. */
  revision: z.number().int().min(1),
  definition: ScorecardDefinition.optional(),
  isEnabled: z.boolean().optional(),
  note: z.string().trim().max(300).default(""),
});

export const ResultListInput = ScorecardKey.extend({
  /** Refs or short names of owners, separated by commas. */
  team: z.string().max(500).optional(),
  /** Name of a level, or `none`. */
  level: z.string().max(50).optional(),
  /** Only those that do not pass this check. */
  check: z.string().max(50).optional(),
  /** Only those that this campaign still waits for. */
  campaign: z.string().max(64).optional(),
  q: z.string().trim().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export const GrantExceptionInput = ScorecardKey.extend({
  entityRef: z.string().max(200),
  check: z.string().max(50),
  reason: text(500, "Say why it need not pass for now: it is shown to everybody."),
  /** A day or moment; the exception ends by itself then. */
  until: z.union([z.iso.date(), z.iso.datetime({ offset: true })], "Give the day that it ends, such as 2027-03-31."),
});
export const EndExceptionInput = ScorecardKey.extend({ id: z.string().max(64) });

/** A draft need not be whole: what is wrong with it is part of the answer. */
export const PreviewInput = z.strictObject({
  appliesTo: AppliesTo.default({ kinds: ["component"], types: [], lifecycles: [], tags: [] }),
  levels: z
    .array(z.strictObject({ name: z.string().max(50), title: z.string().max(40).default("") }))
    .max(6)
    .default([]),
  checks: z.array(z.strictObject({ id: z.string().max(80), level: z.string().max(50).default(""), condition: z.string().max(20_000) })).max(MAX_CHECKS),
  entityRef: z.string().max(200).optional(),
});

/** What people without a place in its team do not see of these facts: the figures of a team are the team's. */
export const TEAM_ONLY: FactGroupName[] = ["metrics"];

/** How a level is called that nothing was reached of. */
export const levelAt = (levels: Pick<Level, "name" | "title">[], index: number): LevelReached => {
  const reached = levels[index - 1];
  return { index, of: levels.length, name: reached?.name ?? null, title: reached?.title ?? `Below ${levels[0]?.title ?? "the first level"}` };
};
