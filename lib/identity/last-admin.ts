import { and, count, eq, isNull, not, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { among } from "./among";
import { PENDING_ISSUERS } from "./scim/pending";

/**
 * True if nobody else is platform admin; somebody who never signed in does not count. Holds others who ask until the end of the
 * transaction, so that two cannot remove each other.
 */
export async function noAdminBeside(tx: Tx, userIds: string[]): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.platform-admins'))`);
  const [others] = await tx
    .select({ n: count() })
    .from(users)
    .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt), not(among(users.id, userIds)), not(PENDING_ISSUERS), env().demo ? undefined : eq(users.isDemo, false)));
  return (others?.n ?? 0) === 0;
}

/** The same for one person. */
export const isLastAdmin = (tx: Tx, userId: string): Promise<boolean> => noAdminBeside(tx, [userId]);
