import { z } from "zod";
import { ABILITIES, type Ability, FIELDS, factAt } from "./contract-facts";

export * from "./contract-facts";
export * from "./contract-opa";
export * from "./contract-starters";

/** A slug; part of addresses, commands and refusals. */
export const GuardrailName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,48}[a-z0-9]$/, "Use 2 to 50 lower-case letters, digits and hyphens, beginning with a letter.")
  .refine((name) => !["check", "decisions", "new", "opa", "preview", "requests"].includes(name), "This name belongs to an address of its own. Choose another one.");

const text = (max: number, what: string) =>
  z
    .string({ error: what })
    .trim()
    .min(1, what)
    .max(max, `At most ${max.toLocaleString("en")} characters.`);

export const EFFECTS = ["refuse", "warn", "off"] as const;
export type Effect = (typeof EFFECTS)[number];
export const EFFECT_WORDS: Record<Effect, string> = { refuse: "Refuses", warn: "Warns", off: "Off" };

const MAX_EXAMPLES = 12;

/** A request that must pass, or must not; run at every save. */
const Example = z.strictObject({
  title: text(100, "Say in a few words what this example is."),
  expect: z.enum(["pass", "fail"]),
  /** Where several abilities are watched: which one this is; the first one when left out. */
  ability: z.enum(ABILITIES).optional(),
  /** Dotted path → value, for example `request.ttlHours`: 96. Only what the condition looks at has to be there. */
  facts: z.record(z.string().max(100), z.union([z.string().max(500), z.number(), z.boolean()], "A fact is a text, a number, true or false.")),
});
export type Example = z.output<typeof Example>;

const Docs = z
  .string()
  .trim()
  .max(300)
  .regex(/^(https?:\/\/|\/(?!\/))/, "Write an address that begins with https://, or a page of this portal that begins with /.");

export const GuardrailDefinition = z
  .strictObject({
    title: text(80, "Give the guardrail a title, such as Sandboxes end within three days."),
    /** Why it is there. */
    why: text(1_000, "Say why the platform minds: people keep to what they see the use of."),
    abilities: z.array(z.enum(ABILITIES)).min(1, "Choose what it watches.").max(ABILITIES.length),
    /** Refs; empty = every team. */
    teams: z.array(z.string().trim().toLowerCase().max(128)).max(50, "At most 50.").default([]),
    /** In CEL, over the facts: true means that nothing is wrong. Its problems are told with line and column. */
    condition: z.string({ error: "Write a condition." }).trim().min(1, "Write a condition, for example request.ttlHours <= 72.").max(2_000, "At most 2,000 characters."),
    effect: z.enum(EFFECTS),
    message: text(300, "Say what is wrong, in one sentence."),
    /** What to do instead. */
    fix: text(500, "Say how to put it right: a refusal without a way out is a gate."),
    /** The input that it concerns, so that the message stands beside it. */
    field: z.string().trim().max(80).optional(),
    docs: Docs.optional(),
    examples: z.array(Example).max(MAX_EXAMPLES, `At most ${MAX_EXAMPLES}.`).default([]),
  })
  .superRefine(({ abilities, effect, field, examples }, problems) => {
    const say = (path: (string | number)[], message: string) => problems.addIssue({ code: "custom", path, message });
    if (new Set(abilities).size !== abilities.length) say(["abilities"], "Each ability counts once.");
    if (field !== undefined) {
      const [head = ""] = field.split(".");
      const known = [...new Set(abilities.flatMap((ability) => FIELDS[ability]))];
      if (!known.includes(head) || (field.includes(".") && head !== "values")) say(["field"], `Choose one of ${known.join(", ")}; an answer is values.<name>.`);
    }
    if (effect !== "off")
      for (const [kind, words] of [
        ["pass", "passes"],
        ["fail", "does not"],
      ] as const)
        if (!examples.some((one) => one.expect === kind))
          say(["examples"], `Add an example that ${words}: they are run at every save, so that a slip is found here and not by your colleagues.`);
    examples.forEach((example, at) => {
      const ability = exampleAbility(example, abilities);
      if (!abilities.includes(ability)) say(["examples", at, "ability"], `The guardrail does not watch ${ability}.`);
      for (const [path, value] of Object.entries(example.facts)) {
        const wrong = factProblem(ability, path, value);
        if (wrong) say(["examples", at, "facts"], wrong);
      }
    });
  });
export type GuardrailDefinition = z.output<typeof GuardrailDefinition>;

/** Which ability an example is about. */
export const exampleAbility = (example: { ability?: Ability | undefined }, abilities: Ability[]): Ability => example.ability ?? abilities[0] ?? "environment.create";

const TYPE_WORDS = { bool: "true or false", int: "a whole number", double: "a number", string: "a text", "map<string, dyn>": "named answers" };

function factProblem(ability: Ability, path: string, value: unknown): string | null {
  const fact = factAt(ability, path);
  if (!fact) return `${ability} knows no fact ${path.slice(0, 60)}.`;
  if (fact.type === "map<string, dyn>") return path.split(".").length > 2 ? null : `${path} holds named answers. Write ${path}.<name>.`;
  const fits =
    fact.type === "bool"
      ? typeof value === "boolean"
      : fact.type === "string"
        ? typeof value === "string"
        : typeof value === "number" && (fact.type === "double" || Number.isInteger(value));
  return fits ? null : `${path} is ${TYPE_WORDS[fact.type]}.`;
}

export const VERDICTS = ["passes", "refuses", "warns", "excepted", "open"] as const;
/** `open`: only before a request is sent, where an answer is still missing. */
export type Verdict = (typeof VERDICTS)[number];
export const OUTCOMES = ["allowed", "warned", "refused"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What one guardrail says of a request. */
export interface GuardrailResult {
  name: string;
  title: string;
  revision: number;
  effect: "refuse" | "warn";
  verdict: Verdict;
  /** Why it could not be evaluated, or what it still waits for. */
  undecided: string | null;
  /** What is wrong, and what to do instead. Of one that could not be evaluated: that, and whom to ask. */
  message: string;
  fix: string;
  field: string | null;
  docs: string | null;
  exception: { id: string; reason: string; until: string } | null;
}

/** What all guardrails say of a request that is not sent yet. */
export interface GuardrailReport {
  ability: Ability;
  outcome: Outcome;
  results: GuardrailResult[];
}

/** A guardrail that did not hold and let it through all the same. */
export type GuardrailWarning = Pick<GuardrailResult, "name" | "title" | "message" | "fix" | "field" | "docs">;

export interface GuardrailException {
  id: string;
  team: { ref: string; title: string };
  reason: string;
  expiresAt: string;
  grantedBy: string | null;
  createdAt: string;
}

/** A guardrail as everybody may read it. */
export interface Guardrail {
  name: string;
  definition: GuardrailDefinition;
  revision: number;
  updatedAt: string;
  exceptions: GuardrailException[];
  /** How requests of the last 30 days stood to it; only those that it was asked about. */
  recent: { asked: number; refused: number; warned: number };
}

export interface GuardrailRevision {
  revision: number;
  note: string;
  savedBy: string | null;
  savedAt: string;
  definition: GuardrailDefinition;
}

/** What the platform team sees of one. */
export interface GuardrailForEdit {
  name: string;
  definition: GuardrailDefinition;
  revision: number;
  updatedAt: string;
  revisions: GuardrailRevision[];
  exceptions: GuardrailException[];
}

/** One request that guardrails were asked about. */
export interface GuardrailDecision {
  id: string;
  at: string;
  ability: Ability;
  stage: "submit" | "effect";
  outcome: Outcome;
  channel: string;
  actor: string;
  team: string | null;
  runId: string | null;
  document: Record<string, unknown>;
  results: GuardrailResult[];
}

/** A past request, or something that runs now, and what a draft would say of it. */
export interface PreviewRow {
  id: string;
  title: string;
  detail: string;
  at: string | null;
  verdict: "fails" | "undecided";
  reason: string | null;
  /** What was decided then. */
  was: Outcome | null;
}

export interface PreviewCounts {
  considered: number;
  fails: number;
  undecided: number;
  /** Those for which it would not pass, the newest first, at most 50. */
  rows: PreviewRow[];
}

export interface GuardrailPreview {
  /** Why the condition cannot be used, for which of the abilities. */
  problem: { ability: Ability; line: number; column: number; message: string } | null;
  examples: { outcome: "pass" | "fail" | "undecided"; reason: string | null }[];
  /** Null while the condition cannot be read. */
  past: PreviewCounts | null;
  /** Environments that run now; null where creating one is not watched. */
  running: PreviewCounts | null;
  /** The facts that the condition looks at, for the example that is tried out. */
  tried: { outcome: "pass" | "fail" | "undecided"; reason: string | null } | null;
}

export const GuardrailKey = z.strictObject({ name: z.string().max(64) });
export const GuardrailListInput = z.strictObject({ scope: z.enum(["enabled", "all"]).default("enabled") });
export const CreateGuardrailInput = z.strictObject({ name: GuardrailName, definition: GuardrailDefinition });
export const EditGuardrailInput = GuardrailKey.extend({
  /** The revision that the change is based on: somebody else's later one is not written over. */
  revision: z.number({ error: "Name the revision that the change is based on." }).int().min(1),
  definition: GuardrailDefinition,
  note: z.string().trim().max(300).default(""),
});

export const GrantExceptionInput = GuardrailKey.extend({
  team: z.string({ error: "Name a team." }).trim().min(1, "Name a team.").max(128),
  reason: text(500, "Say why it is let through for now: it is shown to everybody."),
  /** Its last day; the exception ends by itself then. */
  until: z.iso.date("Give the last day, such as 2027-03-31."),
});
export const EndExceptionInput = GuardrailKey.extend({ id: z.string().max(64) });

export const DecisionListInput = z.strictObject({
  ability: z.enum(ABILITIES).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  /** Only those that this guardrail did not pass. */
  guardrail: z.string().max(64).optional(),
  team: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export const DecisionKey = z.strictObject({ id: z.string().max(64) });

/** A draft need not be whole: what is wrong with it is part of the answer. */
export const PreviewGuardrailInput = z.strictObject({
  abilities: z.array(z.enum(ABILITIES)).max(ABILITIES.length),
  teams: z.array(z.string().max(128)).max(50).default([]),
  condition: z.string().max(20_000),
  examples: z
    .array(z.strictObject({ ability: z.enum(ABILITIES).optional(), facts: z.record(z.string().max(100), z.unknown()) }))
    .max(MAX_EXAMPLES)
    .default([]),
  try: z.strictObject({ ability: z.enum(ABILITIES).optional(), facts: z.record(z.string().max(100), z.unknown()) }).optional(),
});
