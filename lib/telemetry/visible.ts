import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environments, telemetrySources } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { authorize } from "@/lib/core/operation";
import { teamsWithin } from "@/lib/core/policy";

interface About {
  entityRef?: string | undefined;
  environmentId?: string | undefined;
  environment?: string | undefined;
}

/** What is asked about, authorized: an environment as itself, a service as the catalog. Throws not_found. */
export async function aboutSubject(on: Connection, { entityRef, environmentId }: About, ctx: Ctx) {
  if (environmentId !== undefined) {
    const [row] = await on.select({ teamId: environments.teamId, ownerId: environments.ownerId }).from(environments).where(eq(environments.id, environmentId));
    if (!row) throw new DomainError("not_found", "There is no such environment.");
    authorize(ctx, "environment.read", row);
    return row;
  }
  if (!(await findEntity(on, entityRef ?? ""))) throw new DomainError("not_found", `There is no ${entityRef} in the catalog.`);
  return { teamId: null, ownerId: null };
}

/** The sources that are asked about. */
export function ofWhat({ entityRef, environmentId, environment }: About): SQL | undefined {
  const whose = environmentId === undefined ? eq(telemetrySources.entityRef, entityRef ?? "") : eq(telemetrySources.environmentId, environmentId);
  return and(whose, environment === undefined ? undefined : eq(telemetrySources.environment, environment));
}

/** Sources whose traces and logs the reader may see: those of the teams whose environments they may see. */
export function readable(ctx: Ctx): SQL | undefined {
  const reach = teamsWithin(ctx.actor, "environment.read");
  return reach === "all" ? undefined : reach.length ? inArray(telemetrySources.teamId, reach) : sql`false`;
}
