import { z } from "zod";

export const TEST_RUN_STATUSES = ["running", "passed", "failed", "cancelled"] as const;

/** A trial of unpublished files in an environment that is thrown away. */
export const PathTestRun = z.object({
  id: z.string(),
  /** Of the golden path. */
  name: z.string(),
  /** `files`: sent from a folder, without a draft. */
  source: z.enum(["draft", "proposal", "files"]),
  /** Of the draft or proposal; null for files. */
  revision: z.number().int().nullable(),
  /** Passed: the environment became ready. */
  status: z.enum(TEST_RUN_STATUSES),
  cause: z.string().nullable(),
  /** Handle; null when the account is gone. */
  requestedBy: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  runId: z.string(),
  environment: z.object({ id: z.string(), name: z.string(), status: z.string(), url: z.string().nullable(), expiresAt: z.string().nullable() }).nullable(),
});
export type PathTestRun = z.infer<typeof PathTestRun>;
