import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { findRepository } from "@/lib/repositories/queries";

/** The ref that a short name or a ref means. */
export const serviceRef = (service: string): string => (service.includes(":") ? service : `component:default/${service}`).toLowerCase();

/** A service with a repository that was made from a golden path. Throws not_found. */
export async function pathService(on: Connection, { service }: { service: string }) {
  const entityRef = serviceRef(service);
  const repository = await findRepository(on, { entityRef });
  if (!repository) throw new DomainError("not_found", `There is no service ${service.slice(0, 100)} with a repository here.`);
  if (!repository.goldenPath) throw new DomainError("not_found", `${repository.name} was not made from a golden path.`);
  return { teamId: repository.teamId, repository, entityRef, goldenPath: repository.goldenPath };
}

export type PathService = Awaited<ReturnType<typeof pathService>>;

/** Throws conflict for a repository that cannot get a pull request here. */
export function requireUpgradable({ repository }: Pick<PathService, "repository">): void {
  if (repository.status !== "ready") throw new DomainError("conflict", `${repository.owner}/${repository.name} is archived and takes no changes.`);
}
