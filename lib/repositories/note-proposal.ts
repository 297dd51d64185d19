import { and, eq } from "drizzle-orm";
import { pullRequests } from "@/db/schema";
import { newId } from "@/lib/core/id";
import type { EngineRun } from "@/lib/runs/engine/types";
import type { Proposal } from "./propose";

/** Keeps a row about a pull request elsewhere, for the lists; one that people closed there is over here as well. */
export async function noteProposal(run: EngineRun, { repository, branch, title, body, isDraft, upgrade, base }: Proposal, number: number): Promise<void> {
  await run.commit(async (tx) => {
    const own = and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.number, number));
    const shown = { title, body, isDraft, upgrade, head: upgrade.commit, base, status: "open" as const, updatedAt: run.now };
    const [known] = await tx.update(pullRequests).set(shown).where(own).returning();
    if (known) return;
    await tx
      .update(pullRequests)
      .set({ status: "closed", endedAt: run.now })
      .where(and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.sourceBranch, branch), eq(pullRequests.status, "open")));
    await tx.insert(pullRequests).values({
      id: newId("pullRequest"),
      repositoryId: repository.id,
      number,
      sourceBranch: branch,
      targetBranch: repository.defaultBranch,
      authorId: null,
      createdAt: run.now,
      ...shown,
    });
  });
}
