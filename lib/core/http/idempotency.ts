import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { idempotencyKeys } from "@/db/schema";
import type { Ctx } from "../ctx";
import { DomainError } from "../errors";
import { decrypt, encrypt, sha256 } from "../secrets";

export interface Answer {
  status: number;
  body: unknown;
}

/**
 * Runs the work once per actor and key. The answer is stored in the transaction of the work itself, so after a crash
 * either both are there or neither; a simultaneous repeat waits for the first. Throws conflict for another body.
 */
export async function once(ctx: Ctx, key: string, request: string, work: (tx: Tx) => Promise<Answer>): Promise<Answer> {
  if (ctx.actor.type !== "user") throw new DomainError("unauthenticated", "Sign in first.");
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new DomainError("invalid", "The Idempotency-Key must be 1 to 200 visible ASCII characters.");
  const mine = { actorId: ctx.actor.id, key };
  const requestHash = sha256(request);
  return db().transaction(async (tx) => {
    const where = and(eq(idempotencyKeys.actorId, mine.actorId), eq(idempotencyKeys.key, key));
    const [fresh] = await tx
      .insert(idempotencyKeys)
      .values({ ...mine, requestHash })
      .onConflictDoNothing()
      .returning();
    if (!fresh) {
      const [known] = await tx.select().from(idempotencyKeys).where(where);
      if (!known?.status) throw new DomainError("unavailable", "The first request with this Idempotency-Key is still being worked on. Repeat it in a second.");
      if (known.requestHash !== requestHash) throw new DomainError("conflict", "This Idempotency-Key was used with another request. Use a new key for a new request.");
      return { status: known.status, body: typeof known.body === "string" ? JSON.parse(decrypt(known.body, placeOf(mine))) : known.body };
    }
    const answer = await work(tx);
    await tx
      .update(idempotencyKeys)
      .set({ status: answer.status, body: encrypt(JSON.stringify(answer.body), placeOf(mine)) })
      .where(where);
    return answer;
  });
}

/** Answers may hold a secret that is shown once, such as a new token; sealed, they are of no use to a reader of the database. */
function placeOf({ actorId, key }: { actorId: string; key: string }): string {
  return `idempotency_keys|${actorId}|${key}`;
}
