import type { Actor } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import type { ServiceEnvironments } from "@/lib/environments/contract";

export interface ServiceRights {
  deploy: boolean;
  create: boolean;
}

/** What the person may do with a service's environments: the same question as the mutations ask. What has ended gets nothing new. */
export function serviceRights(actor: Actor, service: ServiceEnvironments, hasEnded: boolean): ServiceRights {
  if (hasEnded) return { deploy: false, create: false };
  const scope = { teamId: service.teamId };
  return { deploy: can(actor, "environment.deploy", scope), create: can(actor, "environment.create", scope) };
}
