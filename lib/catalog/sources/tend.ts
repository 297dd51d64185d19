import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { removeGone } from "./presence";

/** Removes what has been gone from its source for longer than the grace period. Returns how many. */
export async function removeGoneEntities(): Promise<number> {
  const now = await databaseNow();
  return db().transaction(async (tx) => (await removeGone(tx, now)).length);
}
