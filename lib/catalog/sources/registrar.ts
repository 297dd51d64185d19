import type { catalogLocations } from "@/db/schema";
import { authenticateUser } from "@/lib/core/auth/authenticate";
import type { Ctx } from "@/lib/core/ctx";
import type { Registration } from "../register";

export type LocationRow = typeof catalogLocations.$inferSelect;

/** In whose name a source is read: the person who added it, with the rights they have now; else the team that answers for it. */
export async function registrarOf(location: Pick<LocationRow, "registeredBy" | "teamId" | "id">, now: Date): Promise<Pick<Registration, "by" | "registeredBy" | "teamId">> {
  const actor = location.registeredBy ? await authenticateUser(location.registeredBy) : null;
  const by: Ctx | null = actor ? { actor, now, requestId: location.id, ipPrefix: null } : null;
  return { by, registeredBy: location.registeredBy, teamId: location.teamId };
}
