import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { environments } from "@/db/schema";
import type { EngineRun } from "@/lib/runs/engine/types";
import { environmentToken } from "@/lib/telemetry/queries";
import { addedDatabases } from "./added-databases";
import type { EnvironmentSpec } from "./drivers/driver";
import type { EnvironmentManifest } from "./manifest";
import { reserveMemory } from "./quota";
import { goldenPathSource, repositorySource, type Source } from "./sources";
import type { EnvironmentRow } from "./subject";
import { readVariables, saveVariable } from "./variables";

/**
 * What the driver is asked to run, for this run: every write goes through the run's fence, every secret is masked. `commit` is what to take
 * from the repository of an environment that has one.
 */
export async function environmentSpec(run: EngineRun, row: EnvironmentRow, commit: string | null = row.commit): Promise<EnvironmentSpec> {
  const variables = await readVariables(db(), row.id);
  for (const { value, isSecret } of variables) if (isSecret) run.mask(value);
  const extraDatabases = await addedDatabases(db(), row.id, variables);
  for (const { password } of extraDatabases) run.mask(password);
  const team = variables.filter((variable) => variable.source === "team");
  const source: Source = row.repositoryId ? repositorySource(run, row, commit) : goldenPathSource(run, row);
  const spec: EnvironmentSpec = {
    environmentId: row.id,
    name: row.name,
    version: typeof row.handle?.version === "number" ? row.handle.version : 0,
    memoryMiB: row.memoryMib,
    variables: { ...(row.repositoryId && commit ? { WAYMARK_COMMIT: commit } : {}), ...Object.fromEntries(team.map(({ name, value }) => [name, value])) },
    extraDatabases,
    telemetry: telemetryOf(run, row, commit),
    materialize: async (targetDir, _run, signal) => {
      const manifest = await source.materialize(targetDir, signal);
      if (row.repositoryId) spec.memoryMiB = await grantMemory(run, row, manifest);
      return manifest;
    },
    ...(source.expectsDatabase ? { expectsDatabase: source.expectsDatabase } : {}),
    saveSecret: async (name, value) => {
      run.mask(value);
      await run.commit((tx) => saveVariable(tx, row.id, { name, value, isSecret: true, source: "platform", updatedBy: null, now: run.now }));
    },
    loadSecret: async (name) => (await readVariables(db(), row.id)).find((variable) => variable.name === name && variable.source === "platform")?.value ?? null,
    saveHandle: (handle) =>
      run.commit(async (tx) => {
        await tx.update(environments).set({ handle }).where(eq(environments.id, row.id));
      }),
  };
  return spec;
}

/** What the process says of itself, and the token with which Waymark knows it. */
function telemetryOf(run: EngineRun, row: EnvironmentRow, commit: string | null): NonNullable<EnvironmentSpec["telemetry"]> {
  const token = environmentToken(row.id);
  run.mask(token);
  const attributes = { "deployment.environment.name": row.tier, "service.instance.id": row.id, ...(commit ? { "service.version": commit } : {}) };
  return { token, service: row.entityRef?.split("/").at(-1) ?? row.name, attributes };
}

/** A commit says itself how much memory it needs; what it asks for beyond what the environment has must fit the team's quota. */
async function grantMemory(run: EngineRun, row: EnvironmentRow, manifest: EnvironmentManifest): Promise<number> {
  const { memoryMiB } = manifest.spec;
  return run.commit(async (tx) => {
    const [held] = await tx.select({ memoryMib: environments.memoryMib }).from(environments).where(eq(environments.id, row.id));
    if (held?.memoryMib === memoryMiB) return memoryMiB;
    await reserveMemory(tx, row.teamId, memoryMiB - (held?.memoryMib ?? 0));
    await tx.update(environments).set({ memoryMib: memoryMiB }).where(eq(environments.id, row.id));
    return memoryMiB;
  });
}
