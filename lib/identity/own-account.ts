import type { Ctx } from "@/lib/core/ctx";

/** Subject of abilities about one's own account. */
export function ownAccount({ actor }: Ctx): { userId: string | null } {
  return { userId: actor.type === "user" ? actor.id : null };
}
