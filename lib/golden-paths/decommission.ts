import { and, eq, notInArray } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { entities, environments, repositories } from "@/db/schema";
import { removeEntity } from "@/lib/catalog/mutations";
import { DomainError } from "@/lib/core/errors";
import { repositoryProvider } from "@/lib/repositories/jobs";
import { archiveRepository } from "@/lib/repositories/mutations";
import { findRepository } from "@/lib/repositories/queries";
import { type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { startRun } from "@/lib/runs/enqueue";

interface DecommissionInput extends Record<string, unknown> {
  entityRef: string;
  repositoryId: string | null;
  /** Entities of the same repository that go with the service, for example its database. */
  entityRefs: string[];
}

const DEADLINE_MS = 3 * 60_000;
const STEPS = [
  { name: "check", title: "Check that nothing runs" },
  { name: "repository", title: "Archive the repository" },
  { name: "catalog", title: "Remove from the catalog" },
];

export interface Decommission {
  /** The service. What its repository registered beside it goes with it. */
  entityRef: string;
  requestedBy: string | null;
  teamId: string | null;
  now: Date;
}

/**
 * Asks for the end of a service: its repository is archived and kept, its entities leave the catalog, and the outcome is the receipt.
 * Its environments have to be deleted before. Who may ask is the caller's to check (service.decommission). Returns the run's id.
 */
export async function startDecommission(tx: Tx, { entityRef, requestedBy, teamId, now }: Decommission): Promise<string> {
  const repository = await findRepository(tx, { entityRef });
  if (repository?.status === "archived") throw new DomainError("conflict", `${repository.owner}/${repository.name} is decommissioned already.`);
  const siblings = repository ? await tx.select({ ref: entities.ref }).from(entities).where(eq(entities.repositoryId, repository.id)) : [];
  const input: DecommissionInput = { entityRef, repositoryId: repository?.id ?? null, entityRefs: [...new Set([entityRef, ...siblings.map(({ ref }) => ref)])] };
  return startRun(tx, {
    kind: "service.decommission",
    title: `Decommission ${entityRef.split("/").at(-1) ?? entityRef}`,
    input,
    plan: STEPS,
    deadlineMs: DEADLINE_MS,
    requestedBy,
    teamId,
    entityRef,
    exclusiveKey: `decommission:${entityRef}`,
    now,
  });
}

export const decommissionRun: RunKind<DecommissionInput> = {
  kind: "service.decommission",
  deadlineMs: DEADLINE_MS,
  plan: () => STEPS,
  async execute(run) {
    const { entityRef, repositoryId, entityRefs } = run.input;
    await run.step("check", () => refuseLivingEnvironments(entityRef));
    const archived = await run.step("repository", async (step) => {
      const [row] = repositoryId ? await db().select().from(repositories).where(eq(repositories.id, repositoryId)) : [];
      if (!row) return { kind: "repository", name: "none", verified: "the service has no repository here" };
      const { verified } = await repositoryProvider(row.provider).archive(run, row);
      step.log(`${row.owner}/${row.name}: ${verified}.`);
      return { kind: "repository", name: `${row.owner}/${row.name}`, verified };
    });
    const items = await run.step("catalog", (step) =>
      run.commit(async (tx) => {
        const gone = [];
        for (const ref of entityRefs) {
          const wasThere = await removeEntity(tx, ref, run.now);
          step.log(`${ref} ${wasThere ? "left the catalog" : "was gone already"}.`);
          gone.push({ kind: "entity", name: ref, verified: wasThere ? "removed from the catalog" : "was gone already" });
        }
        const receipt = { completedAt: run.now.toISOString(), items: [archived, ...gone] };
        if (repositoryId) await archiveRepository(tx, repositoryId, receipt, run.now);
        return receipt.items;
      }),
    );
    const page = archived.name.includes("/") ? [{ title: "Archived repository", url: `/repositories/${archived.name}` }] : [];
    return { summary: `${entityRef.split("/").at(-1)} is decommissioned: ${items.length} things ended`, evidence: page };
  },
};

async function refuseLivingEnvironments(entityRef: string): Promise<null> {
  const living = await db()
    .select({ name: environments.name })
    .from(environments)
    .where(and(eq(environments.entityRef, entityRef), notInArray(environments.status, ["deleted"])));
  if (living.length === 0) return null;
  throw new StepFailure({
    causeCode: "environments-left",
    cause: `The service still has environments: ${living.map(({ name }) => name).join(", ")}.`,
    whoCanFix: "you",
    nextAction: "Wait until they are deleted, or delete them, then retry.",
  });
}
