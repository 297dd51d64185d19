import { z } from "zod";
import { ABILITIES, type Ability } from "./contract-facts";

// A second source of decisions: an Open Policy Agent that somebody else runs, asked over its REST API.

export const FAIL_MODES = ["refuse", "warn"] as const;
export type FailMode = (typeof FAIL_MODES)[number];

/** A token that is left out stays as it is, while the address stays the same. */
export const ConnectOpa = z.strictObject({
  url: z.string({ error: "Enter the address of the agent." }).trim().min(1, "Enter the address of the agent.").max(300),
  /** Of the package whose document decides, as in its address: `waymark/guardrails`. */
  path: z
    .string({ error: "Enter the path of the package." })
    .trim()
    .regex(/^[A-Za-z_][\w-]*(\/[A-Za-z_][\w-]*){0,9}$/, "Write the package with slashes, such as waymark/guardrails."),
  abilities: z.array(z.enum(ABILITIES)).min(1, "Choose what it is asked about.").max(ABILITIES.length),
  /** What holds while it does not answer. */
  failMode: z.enum(FAIL_MODES).default("refuse"),
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,400}$/, "Enter the token as the agent expects it: 8 to 400 letters, digits and signs, without spaces.")
    .optional(),
});

export interface OpaIntegration {
  isConnected: boolean;
  url: string;
  path: string;
  abilities: Ability[];
  failMode: FailMode;
  hasToken: boolean;
  updatedAt: string | null;
}

/** What the agent answered to an example request just now. */
export interface OpaCheck {
  ability: Ability;
  verdict: "allows" | "refuses" | "warns" | "undecided";
  words: string;
  decisionId: string | null;
  tookMs: number;
}
