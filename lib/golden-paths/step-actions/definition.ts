import { z } from "zod";

/** `company:thing:verb`: at least two parts, so that it looks like the built-in ones. */
export const STEP_ACTION_ID = /^[a-z][a-z0-9-]{1,30}(:[a-zA-Z][a-zA-Z0-9-]{0,30}){1,4}$/;

const word = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "Give a value.")
    .max(max, `At most ${max.toLocaleString("en")} characters.`);

/** JSON Schema of a group of values. */
const Schema = z.record(z.string(), z.unknown()).refine((schema) => schema.type === "object", 'A JSON Schema with "type": "object".');

export const INTERPRETERS = ["sh", "node"] as const;

export const StepActionBack = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("http"),
      url: z.url({ protocol: /^https?$/, error: "An address that begins with https://." }).max(2_000),
      /** `at-once`: the answer holds the outputs. `callback`: the other side reports later. */
      answer: z.enum(["at-once", "callback"]).default("at-once"),
      deadlineMinutes: z.number().int("A whole number of minutes.").min(1, "At least 1 minute.").max(360, "At most 360 minutes.").default(5),
    }),
    z.strictObject({
      type: z.literal("command"),
      interpreter: z.enum(INTERPRETERS),
      script: word(64 * 1024),
      memoryMiB: z.number().int("A whole number of MiB.").min(32, "At least 32 MiB.").max(2_048, "At most 2,048 MiB.").default(256),
      timeSeconds: z.number().int("A whole number of seconds.").min(1, "At least 1 second.").max(120, "At most 120 seconds.").default(20),
    }),
  ],
  { error: "Choose http or command." },
);
export type StepActionBack = z.output<typeof StepActionBack>;

export const StepActionDefinition = z.strictObject({
  title: word(80),
  description: z.string().trim().max(500, "At most 500 characters.").default(""),
  inputs: Schema,
  outputs: Schema,
  back: StepActionBack,
});
export type StepActionDefinition = z.output<typeof StepActionDefinition>;

/** What the other side of an HTTP action answers or reports. */
export const StepReportBody = z.strictObject({
  status: z.enum(["succeeded", "failed"]).default("succeeded"),
  outputs: z.record(z.string().max(100), z.unknown()).default({}),
  cause: z.string().trim().max(1_000).optional(),
  nextAction: z.string().trim().max(500).optional(),
  log: z.array(z.string().max(8_192)).max(500, "At most 500 lines.").default([]),
});

export type StepReport = z.output<typeof StepReportBody>;

const Id = z.string().max(160);
export const StepActionKey = z.strictObject({ id: Id });
export const CreateStepActionInput = z.strictObject({
  id: z.string().regex(STEP_ACTION_ID, "Write it as company:thing:verb, such as acme:ticket:create."),
  definition: StepActionDefinition,
});
export const EditStepActionInput = StepActionKey.extend({
  /** The revision that was looked at. */
  revision: z.number().int().min(1),
  definition: StepActionDefinition.optional(),
  isEnabled: z.boolean().optional(),
});

export interface DeclaredStepAction {
  id: string;
  definition: StepActionDefinition;
  isEnabled: boolean;
  revision: number;
  updatedBy: string | null;
  updatedAt: string;
  /** Golden paths whose current version names it. */
  usedBy: string[];
}
