import { sql } from "drizzle-orm";
import { db } from "@/db/client";

/** Deletes what ended long ago and nobody will ask for: sessions, tokens' device grants, counters, state of the demo provider. */
export async function removeExpired(): Promise<void> {
  await db().execute(sql`
    with s as (delete from sessions where expires_at < now() - interval '7 days'),
         d as (delete from device_grants where expires_at < now() - interval '1 day'),
         r as (delete from rate_limits where window_ends_at < now()),
         t as (delete from scim_tokens where expires_at < now() - interval '30 days'),
         u as (delete from used_logout_tokens where expires_at < now())
    delete from demo_idp_state where expires_at < now()`);
}
