import type { repositories } from "@/db/schema";
import { registerEntities } from "@/lib/catalog/mutations";
import type { Repository } from "@/lib/repositories/contract";
import { openRepository, recordFirstPush } from "@/lib/repositories/mutations";
import type { RepositorySpec } from "@/lib/repositories/provider";
import { readFileAt } from "@/lib/repositories/source";
import { type EngineRun, type StepContext, StepFailure } from "@/lib/runs/engine/types";
import type { ServiceInput } from "./service-plan";

interface Finished {
  row: typeof repositories.$inferSelect;
  spec: RepositorySpec;
  addresses: { cloneUrl: string; webUrl: string };
  commit: string;
  catalogFile: string;
  /** The file as it was just pushed; null leaves it to be read from the repository. */
  text: string | null;
  log: StepContext["log"];
}

/** Opens the repository, registers what its catalog file says, and records its first push: all of it or nothing. Returns the service's ref. */
export async function registerService(
  run: EngineRun<ServiceInput>,
  { row, spec, addresses, commit, catalogFile, text: pushedText, log }: Finished,
): Promise<{ entityRef: string }> {
  const text = pushedText ?? (await readFileAt({ ...presented(row), ...addresses }, commit, catalogFile));
  if (text === null) {
    throw new StepFailure({
      causeCode: "bad-template",
      cause: `The repository has no ${catalogFile}, so the service cannot be registered.`,
      whoCanFix: "platform-team",
      nextAction: `Add ${catalogFile} to the golden path, or name the right file in its catalog:register step, then create the service again.`,
    });
  }
  return run.commit(async (tx) => {
    const goldenPath = { name: run.input.goldenPath, version: run.input.version };
    const source = { type: "git" as const, repositoryId: row.id, path: catalogFile, commit };
    const result = await registerEntities(tx, { text, file: catalogFile, source, registeredBy: run.requestedBy, by: null, goldenPath, repositoryId: row.id, now: run.now });
    const refs = result.accepted.map((one) => one.entityRef);
    const entityRef = refs.find((ref) => ref.startsWith("component:")) ?? refs[0];
    const [problem] = result.refused;
    if (problem || !entityRef) {
      const cause = problem ? `${catalogFile}, line ${problem.line}: ${problem.message} ${problem.fix}` : `${catalogFile} holds no entity.`;
      throw new StepFailure({
        causeCode: "not-registered",
        cause,
        whoCanFix: "you",
        nextAction: "If the name is taken, create the service again under another one; else tell the owner of the golden path.",
      });
    }
    for (const finding of result.findings) log(`${catalogFile}, line ${finding.line}: ${finding.message}`, "warn");
    const opened = await openRepository(tx, { repositoryId: row.id, runId: run.runId, ...addresses, entityRef, description: spec.description, defaultBranch: spec.defaultBranch });
    await recordFirstPush(tx, opened, { commit, pushedBy: run.requestedBy, now: run.now });
    log(`Registered ${refs.join(", ")}.`);
    return { entityRef };
  });
}

function presented(row: Finished["row"]): Repository {
  const { id, owner, name, description, provider, defaultBranch, teamId, entityRef, isDemo, cloneUrl, webUrl } = row;
  return {
    id,
    owner,
    name,
    description,
    provider,
    status: "ready",
    defaultBranch,
    teamId,
    entityRef,
    goldenPath: null,
    isDemo,
    cloneUrl,
    webUrl,
    createdAt: row.createdAt.toISOString(),
  };
}
