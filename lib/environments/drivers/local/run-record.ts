import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { isCode } from "./home";
import { isAlive } from "./process-identity";

// run.json of a folder says which process belongs to it. Its existence is the claim: it appears whole, at once, and only if it was not
// there, so of two workers that start the same environment at the same time exactly one wins. `npm stop` reads it too.

const RunRecord = z.object({
  pid: z.number().int().positive(),
  startTime: z.string(),
  bootId: z.string(),
  /** Control groups of the process. */
  cgroup: z.array(z.string()).optional(),
  environmentId: z.string(),
  /** Where it was told to send its telemetry; missing for what was started before that was written down. */
  telemetry: z.object({ to: z.enum(["waymark", "collector", "variable", "off"]), endpoint: z.string().nullable(), because: z.string().optional() }).optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** The recorded process of a run file, alive or not; null when none is recorded. */
export async function readRun(file: string): Promise<RunRecord | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return RunRecord.parse(JSON.parse(text));
  } catch {
    // Torn by a crash of the machine: whatever it named did not survive that.
    return null;
  }
}

/** The recorded process if it still runs. */
export async function livingRun(file: string): Promise<RunRecord | null> {
  const recorded = await readRun(file);
  return recorded && (await isAlive(recorded)) ? recorded : null;
}

const besides = (file: string) => `${file}.${randomBytes(6).toString("hex")}`;

/** Records the process unless another living one is recorded, which is then returned. */
export async function claimRun(file: string, record: RunRecord): Promise<RunRecord | null> {
  const draft = besides(file);
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  try {
    for (;;) {
      try {
        await link(draft, file);
        return null;
      } catch (error) {
        if (!isCode(error, "EEXIST")) throw error;
      }
      const other = await livingRun(file);
      if (other) return other;
      await removeDeadRun(file);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the record of a process that has ended; one of a living process stays. */
export async function removeDeadRun(file: string): Promise<void> {
  const aside = besides(file);
  try {
    await rename(file, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (await livingRun(aside)) {
    // Somebody claimed between our look and our move.
    await link(aside, file).catch((error) => {
      if (!isCode(error, "EEXIST")) throw error;
    });
  }
  await rm(aside, { force: true });
}
