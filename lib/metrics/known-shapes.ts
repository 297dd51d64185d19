import type { Ctx } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";
import { repositoryOfEntity } from "@/lib/repositories/queries";
import { fromKnownShapes } from "./aliases";
import { ServiceRef } from "./event-rows";

/** Rows of `/api/v1/deployments` for a body that people send to other tools; what is no such body stays as it is. Throws DomainError("invalid") for what deploys nothing. */
export const knownShapes = (row: unknown, ctx: Ctx): Promise<unknown[]> => fromKnownShapes(row, { now: ctx.now, repositoryOf: (service) => repositoryOf(ctx, service) });

/** `owner/name` of the repository that the catalog knows for the service; null where it knows none, or the caller may not read it. */
async function repositoryOf(ctx: Ctx, service: string): Promise<string | null> {
  const [, kind = "", namespace = "", name = ""] = /^([^:]+):([^/]+)\/(.+)$/.exec(ServiceRef.safeParse(service).data ?? "") ?? [];
  if (!name) return null;
  try {
    const found = await repositoryOfEntity(ctx, { kind, namespace, name });
    return found && `${found.owner}/${found.name}`;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}
