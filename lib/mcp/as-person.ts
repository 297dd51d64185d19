import type { Ctx } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";

/**
 * What the person behind the token sees, with their role and without its scopes: to find out what a call would lose, and never to
 * answer the agent. Null where they may not see it either: then the call itself is refused, in its own words.
 */
export async function asPerson<T>(ctx: Ctx, look: (ctx: Ctx) => Promise<T>): Promise<T | null> {
  const { actor } = ctx;
  try {
    return await look(actor.type === "user" ? { ...ctx, actor: { ...actor, credential: { type: "session", id: "" } } } : ctx);
  } catch (error) {
    if (isDomainError(error) && error.code !== "unavailable") return null;
    throw error;
  }
}
