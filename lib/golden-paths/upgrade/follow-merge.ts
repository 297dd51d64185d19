import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { pullRequests, repositories, webhookDeliveries } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import type { Push } from "@/lib/repositories/jobs";
import { presentRepository } from "@/lib/repositories/queries";
import { resolveCommit } from "@/lib/repositories/source";
import { followProvenance } from "./follow-push";

// GitHub tells when a pull request ends. What it merged is read at once: the version the service is at now, and ejections that a
// merged upgrade took back. Whoever misses a delivery is read at the next upgrade, as before.

const Closed = z.object({
  action: z.literal("closed"),
  number: z.number().int(),
  pull_request: z.object({ merged: z.boolean().nullish(), merge_commit_sha: z.string().max(64).nullish(), base: z.object({ ref: z.string().max(255) }) }),
  repository: z.object({ html_url: z.string().max(2_000) }),
});

/**
 * Follows a kept delivery about a pull request that was closed. Returns the push that the merge was, for whoever else follows the
 * default branch; null for what is not about a repository of a golden path, or was closed without merging.
 */
export async function followMergedPull(deliveryId: string): Promise<Push | null> {
  const closed = await read(deliveryId);
  if (!closed) return null;
  const page = closed.repository.html_url.replace(/\/+$/, "").toLowerCase();
  const at = and(eq(repositories.provider, "github"), eq(repositories.status, "ready"), sql`lower(${repositories.webUrl}) = ${page}`);
  const [row] = await db().select().from(repositories).where(at);
  if (!row?.goldenPath) return null;
  const { merged, merge_commit_sha: mergeCommit, base } = closed.pull_request;
  const now = await databaseNow();
  const own = and(eq(pullRequests.repositoryId, row.id), eq(pullRequests.number, closed.number), eq(pullRequests.status, "open"));
  await db()
    .update(pullRequests)
    .set({ status: merged ? "merged" : "closed", mergeCommit: merged ? (mergeCommit ?? null) : null, endedAt: now, updatedAt: now })
    .where(own);
  if (!merged || base.ref !== row.defaultBranch) return null;
  const repository = presentRepository(row);
  const after = await resolveCommit(repository, row.defaultBranch);
  const push: Push = { id: deliveryId, repository, ref: `refs/heads/${row.defaultBranch}`, before: null, after, pushedBy: null, pushedAt: now };
  await followProvenance(push);
  return push;
}

async function read(deliveryId: string): Promise<z.infer<typeof Closed> | null> {
  const [row] = await db()
    .select({ body: webhookDeliveries.body, event: webhookDeliveries.event })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.type, "github")));
  if (row?.event !== "pull_request") return null;
  try {
    return Closed.safeParse(JSON.parse(row.body)).data ?? null;
  } catch (error) {
    // Its own receiver has marked it as unreadable.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
