import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environments, goldenPathTestRuns, teams, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { Environment } from "./contract";
import { presentEnvironment } from "./present";

/** Environments with owner, team and what they try; add a where. */
export function selectEnvironments(on: Connection) {
  return on
    .select({
      row: environments,
      owner: { handle: users.handle, name: users.name },
      team: teams.ref,
      test: { id: goldenPathTestRuns.id, goldenPath: goldenPathTestRuns.name, source: goldenPathTestRuns.source, revision: goldenPathTestRuns.revision },
    })
    .from(environments)
    .innerJoin(users, eq(users.id, environments.ownerId))
    .innerJoin(teams, eq(teams.id, environments.teamId))
    .leftJoin(goldenPathTestRuns, eq(goldenPathTestRuns.id, environments.testRunId));
}

/** One environment, without asking who may see it. Throws not_found. */
export async function readEnvironment(on: Connection, id: string): Promise<Environment> {
  const [found] = await selectEnvironments(on).where(eq(environments.id, id));
  if (!found) throw new DomainError("not_found", "There is no such environment.");
  return presentEnvironment(found);
}
