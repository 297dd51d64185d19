import type { Connection } from "@/db/client";
import type { CatalogEntity } from "@/lib/catalog/contract";
import { entitySubject, loadEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { Subject } from "@/lib/core/policy";

/** The ref that a short name or a ref means. */
const refOf = (service: string): string => (service.includes(":") ? service : `component:default/${service}`).toLowerCase();

/** Kinds that describe an organisation or point elsewhere have nothing to end. */
const ENDS = new Set(["component", "api", "resource"]);

/** The entity that is to end, and whose it is. Throws not_found, and invalid for people, teams and the like. */
export async function serviceSubject(on: Connection, { service }: { service: string }, ctx: Ctx): Promise<Subject & { teamId: string | null; entity: CatalogEntity }> {
  const entity = await loadEntity(on, refOf(service));
  if (!ENDS.has(entity.kind)) throw new DomainError("invalid", `${entity.ref} is no component, API or resource. Remove it from the catalog instead.`);
  const { teamId, ownerId } = await entitySubject(on, entity.ref, ctx.actor);
  return { teamId, ownerId: ownerId ?? null, entity };
}
