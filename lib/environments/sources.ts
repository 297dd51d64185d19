import { readFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { isDomainError } from "@/lib/core/errors";
import { loadGoldenPathVersion, loadTestedPath } from "@/lib/golden-paths/queries";
import { findRepository } from "@/lib/repositories/queries";
import { exportCommit } from "@/lib/repositories/source";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { openAnswers } from "./answers";
import { type EnvironmentManifest, parseManifest } from "./manifest";
import type { EnvironmentRow } from "./subject";

const MANIFEST = "waymark.yaml";

/** Where an environment's files come from. */
export interface Source {
  /** Writes them into an empty folder and returns the manifest found there. */
  materialize(targetDir: string, signal: AbortSignal): Promise<EnvironmentManifest>;
  expectsDatabase?: () => Promise<boolean>;
}

/** Rendered anew from the golden path, or from the files of a test run, with the environment's values. */
export function goldenPathSource(run: EngineRun, row: EnvironmentRow): Source {
  let loaded: ReturnType<typeof goldenPathOf> | null = null;
  const goldenPath = () => {
    loaded ??= goldenPathOf(row);
    return loaded;
  };
  return {
    expectsDatabase: async () => (await goldenPath()).wantsDatabase(openAnswers(row, run.mask)),
    async materialize(targetDir, signal) {
      const [{ name, version, materialize }, [owner]] = await Promise.all([
        goldenPath(),
        db().select({ handle: users.handle, name: users.name }).from(users).where(eq(users.id, row.ownerId)),
      ]);
      const context = { runId: run.runId, user: { ref: `user:default/${owner?.handle ?? "unknown"}`, name: owner?.name ?? "Unknown" }, environment: { name: row.name } };
      const render = () => materialize({ values: openAnswers(row, run.mask), targetDir, context, scope: "workspace", signal, log: (text) => run.log(text) });
      const { files } = await mended(row, render);
      run.log(`Rendered ${files.length} files of ${name} ${version}.`);
      const text = await manifestText(targetDir);
      if (text !== null) return mended(row, async () => parseManifest(text));
      throw new StepFailure({
        causeCode: "bad-template",
        cause: `The golden path ${name} renders no ${MANIFEST}, so Waymark does not know how to start it.`,
        ...(row.testRunId ? MEND : { whoCanFix: "platform-team" as const, nextAction: `Add a ${MANIFEST} with the start command to the golden path and publish it.` }),
      });
    },
  };
}

const MEND = { whoCanFix: "you" as const, nextAction: "Correct the files and start another test run." };

/** In a test run a template that fails is what the person came to find out: its cause is theirs to mend. */
async function mended<T>({ testRunId }: EnvironmentRow, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!testRunId || !isDomainError(error)) throw error;
    const cause = [error.message, ...error.fields.map((field) => `${field.path}: ${field.message}`)].join(" ");
    throw new StepFailure({ causeCode: "bad-template", cause, ...MEND }, { cause: error });
  }
}

async function goldenPathOf(row: EnvironmentRow) {
  if (row.testRunId) return loadTestedPath(db(), row.testRunId);
  if (!row.goldenPath || !row.goldenPathVersion)
    throw new StepFailure({ causeCode: "bad-template", cause: "The environment names no golden path.", whoCanFix: "you", nextAction: "Create it again from a golden path." });
  return loadGoldenPathVersion(db(), row.goldenPath, row.goldenPathVersion);
}

/** The tree of a commit of the environment's repository. */
export function repositorySource(run: EngineRun, row: EnvironmentRow, commit: string | null): Source {
  return {
    async materialize(targetDir, signal) {
      const repository = row.repositoryId ? await findRepository(db(), { id: row.repositoryId }) : null;
      if (!repository || !commit)
        throw new StepFailure({ causeCode: "no-source", cause: "The repository of this environment is gone.", whoCanFix: "team-owner", nextAction: "Delete the environment." });
      const label = `${repository.owner}/${repository.name} at ${commit.slice(0, 7)}`;
      await exportCommit(repository, commit, targetDir, signal);
      run.log(`Exported ${label}.`);
      const text = await manifestText(targetDir);
      const broken = (cause: string, error?: unknown) =>
        new StepFailure(
          { causeCode: "bad-source", cause, whoCanFix: "you", nextAction: `Correct ${MANIFEST} in the repository, push, and deploy the new commit.` },
          { cause: error },
        );
      if (text === null) throw broken(`${label} has no ${MANIFEST} at its root, so Waymark does not know how to start it.`);
      try {
        return parseManifest(text);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        throw broken(`${MANIFEST} of ${label} is not valid: ${[error.message, ...error.fields.map((field) => `${field.path}: ${field.message}`)].join(" ")}`, error);
      }
    },
  };
}

async function manifestText(dir: string): Promise<string | null> {
  return readFile(path.join(dir, MANIFEST), "utf8").catch(() => null);
}
