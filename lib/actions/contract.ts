import { z } from "zod";

/** A slug; part of addresses and commands. */
export const ACTION_NAME = /^[a-z][a-z0-9-]{0,48}[a-z0-9]$/;
export const ActionName = z.string().regex(ACTION_NAME, "Use 2 to 50 lower-case letters, digits and hyphens, beginning with a letter.");

export const WHO_MAY_RUN = ["team-members", "team-owners", "managers", "platform-admins"] as const;
export type WhoMayRun = (typeof WHO_MAY_RUN)[number];
export const WHO_WORDS: Record<WhoMayRun, string> = { "team-members": "team members", "team-owners": "team owners", managers: "managers", "platform-admins": "platform admins" };

export const TARGET_KINDS = ["component", "api", "resource", "system", "domain"] as const;

/** Real functions of the platform, by name; what they do is in lib/actions/functions. */
export const FUNCTION_NAMES = ["restart", "add-database", "change-database-password", "decommission"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];
/** These take something away: an agent's person confirms them, whatever the platform team chose. */
export const LOSING_FUNCTIONS: readonly FunctionName[] = ["change-database-password", "decommission"];

const word = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "Give a value.")
    .max(max, `At most ${max.toLocaleString("en")} characters.`);
const gitHubName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, "Use the name as GitHub spells it.");

export const BackEnd = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("webhook"), url: z.url({ protocol: /^https?$/, error: "An address that begins with https://." }).max(2_000) }),
    z.strictObject({
      type: z.literal("github-workflow"),
      owner: gitHubName,
      repository: gitHubName,
      workflow: z.string().regex(/^[\w.-]{1,100}\.ya?ml$/, "The file name of the workflow, such as deploy.yml."),
      ref: z.string().regex(/^[A-Za-z0-9][\w./-]{0,99}$/, "A branch or tag, such as main."),
    }),
    z.strictObject({ type: z.literal("function"), function: z.enum(FUNCTION_NAMES, `One of: ${FUNCTION_NAMES.join(", ")}.`) }),
  ],
  { error: "Choose a back end: webhook, github-workflow or function." },
);
export type BackEnd = z.infer<typeof BackEnd>;

export const AGENT_RULES = ["ask", "free"] as const;

export const ActionDefinition = z.strictObject({
  title: word(80),
  description: z.string().trim().max(500, "At most 500 characters.").default(""),
  /** What it is run on; null = on nothing, for the person's team. */
  target: z.strictObject({ kind: z.enum(TARGET_KINDS), types: z.array(word(63)).max(20).default([]) }).nullable(),
  whoMayRun: z.enum(WHO_MAY_RUN),
  /** Refs of the teams for which it may be run; empty = every team. */
  teams: z
    .array(
      z
        .string()
        .regex(/^group:[^/]+\/.+$/, "A ref such as group:default/checkout.")
        .max(128),
    )
    .max(100)
    .default([]),
  /** JSON Schema of the form. */
  inputs: z.record(z.string(), z.unknown()),
  backEnd: BackEnd,
  /** Whether an agent runs it at once or has its person confirm it; as the back end suggests when left out. What takes a password or a service away is always asked for. */
  agents: z.enum(AGENT_RULES, "Choose ask or free.").optional(),
  deadlineMinutes: z.number().int("A whole number of minutes.").min(1, "At least 1 minute.").max(360, "At most 360 minutes.").default(10),
});
export type ActionDefinition = z.output<typeof ActionDefinition>;

export const ACTION_STATUSES = ["draft", "published", "disabled"] as const;
export type ActionStatus = (typeof ACTION_STATUSES)[number];

export interface LastRun {
  id: string;
  status: string;
  at: string;
}

/** An action as everybody sees it in lists. */
export interface ActionSummary {
  name: string;
  title: string;
  description: string;
  target: ActionDefinition["target"];
  whoMayRun: WhoMayRun;
  teams: string[];
  backEnd: BackEnd["type"];
  /** Agents have it confirmed by a person. */
  agentsAsk: boolean;
  version: number | null;
  status: ActionStatus;
  isShipped: boolean;
  /** Null = the caller may run it, at least for one of their teams; else who may. */
  locked: string | null;
  /** Median of the last 20 that succeeded. */
  usualMs: number | null;
  runs28d: number;
  lastRun: LastRun | null;
}

export interface EnvironmentChoice {
  id: string;
  name: string;
  tier: string;
  status: string;
}

/** What is needed to run one: the form, with the choices that the target has. */
export interface ActionForm extends ActionSummary {
  inputs: Record<string, unknown>;
  deadlineMinutes: number;
  entity: { ref: string; title: string } | null;
  /** What the reader could run it on. */
  entities: { ref: string; title: string }[];
  environments: EnvironmentChoice[];
  /** The question that asks for an environment; null when there is none. */
  environmentQuestion: string | null;
  /** Questions whose answers are secrets. */
  secretQuestions: string[];
}

export interface ActionVersion {
  version: number;
  definition: ActionDefinition;
  note: string;
  publishedBy: string | null;
  publishedAt: string;
}

export interface FailedRun extends LastRun {
  cause: string | null;
  entityRef: string | null;
}

/** What the platform team sees of one. */
export interface ActionDetail extends ActionSummary {
  draft: ActionDefinition;
  /** The draft differs from what is published. */
  isChanged: boolean;
  hasSecret: boolean;
  updatedAt: string;
  versions: ActionVersion[];
  failures: FailedRun[];
}

export const ActionListInput = z.strictObject({
  q: z.string().max(100).optional(),
  /** Only what can be run on this entity. */
  entityRef: z.string().max(200).optional(),
  /** Only what can be run on this environment. */
  environment: z.string().max(64).optional(),
  kind: z.enum(TARGET_KINDS).optional(),
  /** Also drafts and disabled ones; for the platform team. */
  scope: z.enum(["published", "all"]).default("published"),
});

export const ActionKey = z.strictObject({ name: z.string().max(64) });
export const ActionFormInput = ActionKey.extend({ entityRef: z.string().max(200).optional(), environment: z.string().max(64).optional() });

export const CreateActionInput = z.strictObject({ name: ActionName, definition: ActionDefinition });
export const EditActionInput = ActionKey.extend({ definition: ActionDefinition.optional(), isEnabled: z.boolean().optional() });
export const PublishActionInput = ActionKey.extend({ note: z.string({ error: "Say in a sentence what changed." }).trim().min(1, "Say in a sentence what changed.").max(500) });
export const RestoreActionInput = ActionKey.extend({ version: z.number().int().min(1) });

const Values = z.record(z.string().max(64), z.unknown()).default({});
export const RunActionInput = ActionKey.extend({
  entityRef: z.string().max(200).optional(),
  values: Values,
  /** For an action that is run on nothing: your only team when left out. */
  team: z.string().max(128).optional(),
});

/** Where the form asks for an environment of the target. */
export const ENVIRONMENT_FIELD = "EnvironmentPicker";

const ReportedText = z.string().max(8_192);
const LEVELS = z.enum(["info", "warn", "error"]).default("info");
const webUrl = z.url({ protocol: /^https?$/, error: "An address that begins with https:// or http://." }).max(2_000);

/** What a back end may report; everything is optional, and `status` ends the run. */
export const CallbackBody = z.strictObject({
  log: z
    .array(z.union([ReportedText.transform((text) => ({ text, level: "info" as const })), z.strictObject({ text: ReportedText, level: LEVELS })]))
    .max(500, "At most 500 lines at once.")
    .default([]),
  steps: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i, "Use up to 40 letters, digits, dots, hyphens and _."),
        title: z.string().trim().min(1).max(120).optional(),
        status: z.enum(["running", "succeeded", "failed", "skipped"]),
      }),
    )
    .max(20, "At most 20 steps.")
    .default([]),
  status: z.enum(["succeeded", "failed"]).optional(),
  summary: z.string().trim().max(300).optional(),
  cause: z.string().trim().max(1_000).optional(),
  nextAction: z.string().trim().max(500).optional(),
  links: z
    .array(z.strictObject({ title: z.string().trim().min(1).max(120), url: webUrl }))
    .max(10, "At most 10 links.")
    .default([]),
});
export type CallbackBody = z.output<typeof CallbackBody>;
