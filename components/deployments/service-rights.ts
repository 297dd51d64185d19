import type { Actor } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import type { ServiceEnvironments } from "@/lib/environments/contract";

export interface ServiceRights {
  deploy: boolean;
  create: boolean;
}

/** What the person may do with a service's environments: the same question as the mutations ask. */
export function serviceRights(actor: Actor, service: ServiceEnvironments): ServiceRights {
  const scope = { teamId: service.teamId };
  return { deploy: can(actor, "environment.deploy", scope), create: can(actor, "environment.create", scope) };
}
