import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { environments } from "@/db/schema";
import { notify } from "@/lib/notifications/notify";
import { startDelete } from "./delete";

/** Begins the removal of every environment that is due: expired, or failed and kept long enough. Returns how many. Safe on every replica at once. */
export async function deleteDue(): Promise<number> {
  const due = await db().execute<{ id: string; reason: string }>(sql`
    select id, case when expires_at <= now() then 'Its time to live ended.' else 'Creation failed and nobody retried it.' end as reason
    from environments where status in ('queued', 'provisioning', 'ready', 'failed') and not is_demo and (expires_at <= now() or (status = 'failed' and kept_until <= now())) limit 100`);
  let begun = 0;
  for (const { id, reason } of due) {
    const result = await db().transaction(async (tx) => {
      const [clock] = await tx.execute<{ now: string }>(sql`select now() as now`);
      return startDelete(tx, id, { reason, requestedBy: null, now: new Date(String(clock?.now)) });
    });
    if (result.begun) begun++;
  }
  return begun;
}

/** A warning at these remaining minutes, if the environment was given more than four times that. */
const WARN_AT_MINUTES = [60, 15];

/** Tells owners of environments that end soon, once per threshold and expiry. Returns how many were told. */
export async function warnExpiring(): Promise<number> {
  let told = 0;
  for (const minutes of WARN_AT_MINUTES) {
    const soon = await db()
      .select()
      .from(environments)
      .where(
        sql`status = 'ready' and not is_demo and test_run_id is null and expires_at > now() and expires_at <= now() + ${minutes} * interval '1 minute' and ttl_minutes >= ${minutes * 4}`,
      )
      .limit(500);
    for (const row of soon) {
      await notify(db(), [row.ownerId], {
        kind: "environment-expiring",
        title: `${row.name} ends in less than ${minutes === 60 ? "an hour" : `${minutes} minutes`}`,
        body: "Extend it if it is still needed. At the end its process, database and files are removed.",
        href: `/environments/${row.id}`,
        dedupeKey: `expiring:${row.id}:${minutes}:${row.expiresAt?.toISOString()}`,
      });
      told++;
    }
  }
  return told;
}
