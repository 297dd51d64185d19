import { and, eq, inArray, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { goldenPathVersions, pathEjections, pullRequests } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import type { Push } from "@/lib/repositories/jobs";
import { noteGoldenPath } from "@/lib/repositories/mutations";
import { readFileAt } from "@/lib/repositories/source";
import { PROVENANCE_FILE, readProvenance } from "../provenance";

/** After a push to the default branch: Waymark takes over which version the repository says it is at, and ends ejections that a merged upgrade took back. */
export async function followProvenance({ repository, ref, after }: Push): Promise<void> {
  const path = repository.goldenPath;
  if (!after || !path || ref !== `refs/heads/${repository.defaultBranch}`) return;
  const now = await databaseNow();
  const stored = readProvenance(await readFileAt(repository, after, PROVENANCE_FILE));
  await db().transaction(async (tx) => {
    if (stored?.goldenPath.name === path.name) {
      const [known] = await tx
        .select({ version: goldenPathVersions.version })
        .from(goldenPathVersions)
        .where(and(eq(goldenPathVersions.name, path.name), eq(goldenPathVersions.version, stored.goldenPath.version)));
      if (known) await noteGoldenPath(tx, repository.id, { name: path.name, version: known.version });
    }
    const merged = await tx
      .select({ upgrade: pullRequests.upgrade })
      .from(pullRequests)
      .where(and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.status, "merged")));
    const over = merged.flatMap(({ upgrade }) => upgrade?.rejoins ?? []);
    if (over.length)
      await tx
        .update(pathEjections)
        .set({ rejoinedAt: now })
        .where(and(inArray(pathEjections.id, over), isNull(pathEjections.rejoinedAt)));
  });
}
