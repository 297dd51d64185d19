import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { SCIM_TOKEN_WARNING_DAYS } from "../contract";

/**
 * Connections whose last token ends within the time of the warning. Tokens that were made for less than that (for a script, on the server)
 * are left out: their end is meant.
 */
export async function endingConnections(on: Connection): Promise<{ id: string; name: string; tokenId: string; daysLeft: number }[]> {
  return on.execute<{ id: string; name: string; tokenId: string; daysLeft: number }>(sql`
    select c.id, c.name, t.id as "tokenId", floor(extract(epoch from t.expires_at - now()) / 86400)::int as "daysLeft"
    from scim_connections c
    join lateral (select * from scim_tokens where connection_id = c.id order by expires_at desc limit 1) t on true
    where t.expires_at > now() and t.expires_at < now() + ${SCIM_TOKEN_WARNING_DAYS} * interval '1 day'
      and t.expires_at - t.created_at > ${SCIM_TOKEN_WARNING_DAYS} * interval '1 day'`);
}
