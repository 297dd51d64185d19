import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { decommissions, repositories } from "@/db/schema";
import { restoreEntity } from "@/lib/catalog/mutations";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { reopenRepository } from "@/lib/repositories/mutations";
import { readRun } from "@/lib/runs/read";
import { DecommissionId, DecommissionInput } from "./contract";
import { planOf } from "./plan";
import { decommissionSubject, restorable } from "./receipt";
import { settleChoices, startDecommission } from "./start";
import { serviceSubject } from "./subject";

export { planOf } from "./plan";
export { DECOMMISSION_KIND, settleChoices, startDecommission } from "./start";

const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

export const decommissionService = mutation({
  name: "service.decommission",
  summary: "End a service: delete its environments, archive or delete its repository, take it out of the catalog. Answers at once with the run that does it.",
  input: DecommissionInput,
  subject: serviceSubject,
  // GitHub is asked before the transaction.
  prepare: (_input, _ctx, { entity }) => planOf(db(), entity),
  run: async (tx, { confirm, choices, digest }, ctx, { entity, teamId }, plan) => {
    if (confirm.trim() !== entity.name) throw invalid("confirm", `Type ${entity.name} to confirm.`);
    if (digest !== undefined && digest !== plan.digest) throw new DomainError("conflict", "Something was added or removed since you looked. Look at the list again, then confirm.");
    const settled = settleChoices(plan, choices);
    const requestedBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    const runId = await startDecommission(tx, { entity, plan, choices: settled, requestedBy, teamId, now: ctx.now });
    return { run: await readRun(tx, runId), choices: settled };
  },
  audit: (_input, { run, choices }, { entity }) => ({
    target: { type: "service", id: entity.ref, label: entity.title },
    detail: { entityRef: entity.ref, run: run.id, choices: choices.map(({ kind, name, choice }) => `${choice} ${kind} ${name}`) },
  }),
});

export const undoDecommission = mutation({
  name: "service.decommission",
  summary: "Bring the catalog entries of a decommissioned service back, and open its repository on Waymark's git server again. What was deleted stays deleted.",
  input: DecommissionId,
  subject: decommissionSubject,
  run: async (tx, { id }, ctx, { row }) => {
    // The row is taken first: of two presses at once the second waits here and finds it done.
    const taken = await tx
      .update(decommissions)
      .set({ undoneAt: ctx.now, undoneBy: ctx.actor.type === "user" ? ctx.actor.id : null })
      .where(and(eq(decommissions.runId, id), isNull(decommissions.undoneAt)))
      .returning();
    if (taken.length === 0) throw new DomainError("conflict", "It was taken back already. Reload the page to see by whom.");
    const refs = await restorable(tx, { ...row, undoneAt: null });
    if (refs.length === 0) throw new DomainError("conflict", "Its catalog entries are removed for good: there is nothing left to bring back.");
    const [repository] = row.repositoryId ? await tx.select().from(repositories).where(eq(repositories.id, row.repositoryId)) : [];
    const hasSource = !row.repositoryId || repository !== undefined;
    for (const ref of refs) await restoreEntity(tx, ref, { hasSource, now: ctx.now });
    const reopened = row.repositoryId ? await reopenRepository(tx, row.repositoryId) : false;
    return { id, restored: refs, repositoryReopened: reopened };
  },
  audit: (_input, { id, restored, repositoryReopened }, { row }) => ({
    target: { type: "service", id: row.entityRef, label: row.title },
    detail: { entityRef: row.entityRef, change: "taken back", receipt: id, restored, repository: repositoryReopened ? "opened again" : "unchanged" },
  }),
});
