import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import type { ScorecardException } from "./contract";

/** Exceptions that hold now, those that end first first. `where` is about `x` (the exception). */
export async function readExceptions(on: Connection, actor: Actor, now: Date, where: SQL): Promise<ScorecardException[]> {
  const rows = await on.execute<Record<string, string | null>>(sql`
    select x.id, x.entity_ref, coalesce(e.title, x.entity_ref) as title, x.check_id, x.reason, x.expires_at, u.handle, x.created_at, t.id as team
    from scorecard_exceptions x left join entities e on e.ref = x.entity_ref left join teams t on t.ref = e.owner_ref left join users u on u.id = x.granted_by
    where x.ended_at is null and x.expires_at > ${now.toISOString()}::timestamptz and ${where} order by x.expires_at, x.id limit 500`);
  return rows.map((row) => ({
    id: String(row.id),
    entityRef: String(row.entity_ref),
    entityTitle: String(row.title),
    checkId: String(row.check_id),
    reason: String(row.reason),
    expiresAt: new Date(String(row.expires_at)).toISOString(),
    grantedBy: row.handle ?? null,
    createdAt: new Date(String(row.created_at)).toISOString(),
    mayEnd: can(actor, "scorecard.exempt", { teamId: row.team ?? null }),
  }));
}
