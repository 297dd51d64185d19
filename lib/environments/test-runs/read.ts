import { desc, eq, type SQL } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environments, goldenPathTestRuns, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { PathTestRun } from "@/lib/golden-paths/contract";

const SHOWN = 20;

/** The newest test runs that fit. */
export async function readTestRuns(on: Connection, where: SQL | undefined): Promise<PathTestRun[]> {
  const rows = await on
    .select({ test: goldenPathTestRuns, by: users.handle, environment: environments })
    .from(goldenPathTestRuns)
    .leftJoin(users, eq(users.id, goldenPathTestRuns.requestedBy))
    .leftJoin(environments, eq(environments.id, goldenPathTestRuns.environmentId))
    .where(where)
    .orderBy(desc(goldenPathTestRuns.createdAt), desc(goldenPathTestRuns.id))
    .limit(SHOWN);
  return rows.map(({ test, by, environment }) => ({
    id: test.id,
    name: test.name,
    source: test.source,
    revision: test.revision,
    status: test.status,
    cause: test.cause,
    requestedBy: by,
    createdAt: test.createdAt.toISOString(),
    finishedAt: test.finishedAt?.toISOString() ?? null,
    runId: test.runId,
    environment: environment && {
      id: environment.id,
      name: environment.name,
      status: environment.status,
      url: environment.url,
      expiresAt: environment.expiresAt?.toISOString() ?? null,
    },
  }));
}

/** One test run. Throws not_found. */
export async function readTestRun(on: Connection, id: string): Promise<PathTestRun> {
  const [found] = await readTestRuns(on, eq(goldenPathTestRuns.id, id));
  if (!found) throw new DomainError("not_found", "There is no such test run.");
  return found;
}
