import { eq } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { goldenPathRuns } from "@/db/schema";
import { decrypt, encrypt, textsIn } from "@/lib/core/secrets";

export interface RunSecrets {
  /** Answers that are shown nowhere. */
  answers: Record<string, unknown>;
  /** What a client hands over beside the answers. */
  secrets: Record<string, string>;
}

const place = (runId: string) => `golden_path_runs|${runId}|secrets`;

/** Notes the run, with its secrets sealed, in the transaction that starts it. */
export async function keepSecrets(tx: Tx, runId: string, given: RunSecrets, now: Date): Promise<void> {
  const isEmpty = Object.keys(given.answers).length + Object.keys(given.secrets).length === 0;
  const secretsSealed = isEmpty ? null : encrypt(JSON.stringify(given), place(runId));
  await tx.insert(goldenPathRuns).values({ runId, secretsSealed, createdAt: now });
}

/** The secrets of a run; `mask` gets every text that must not appear in its log. */
export async function readSecrets(on: Connection, runId: string, mask: (text: string) => void): Promise<RunSecrets> {
  const [row] = await on.select({ sealed: goldenPathRuns.secretsSealed }).from(goldenPathRuns).where(eq(goldenPathRuns.runId, runId));
  const given: RunSecrets = row?.sealed ? JSON.parse(decrypt(row.sealed, place(runId))) : { answers: {}, secrets: {} };
  for (const text of [given.answers, given.secrets].flatMap(textsIn)) mask(text);
  return given;
}

/** Keeps what the template gave at its end, and forgets the secrets, which nothing needs any more. */
export async function keepOutput(tx: Tx, runId: string, output: Record<string, unknown>): Promise<void> {
  await tx.update(goldenPathRuns).set({ output, secretsSealed: null }).where(eq(goldenPathRuns.runId, runId));
}

/** What a run's template gave at its end; null before that, and for runs of other kinds. */
export async function readOutput(on: Connection, runId: string): Promise<Record<string, unknown> | null> {
  const [row] = await on.select({ output: goldenPathRuns.output }).from(goldenPathRuns).where(eq(goldenPathRuns.runId, runId));
  return row?.output ?? null;
}
