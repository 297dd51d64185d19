import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { withCommitLinks } from "./commit-links";
import type { ChangeRow } from "./contract";

type Raw = Record<string, string | number | boolean | null>;

/** Changes with their commit and first production deployment. */
export async function changeRows(on: Connection, where: SQL, order: SQL, limit: number, offset = 0): Promise<ChangeRow[]> {
  const rows = await on.execute<Raw>(sql`
    select h.sha, h.repository, c.subject, h.service, h.deployed_at - h.raw_lead_seconds * interval '1 second' as authored_at, h.deployed_at, h.deployment_id, h.lead_seconds, h.raw_lead_seconds < 0 as skew
    from (select * from delivery_changes where counted and ${where} order by ${order} limit ${limit} offset ${offset}) h
      left join delivery_commits c on c.repository = h.repository and c.sha = h.sha
    order by ${order}`);
  const changes = rows.map((row) => ({
    sha: String(row.sha),
    repository: String(row.repository),
    subject: row.subject === null ? null : String(row.subject),
    service: String(row.service),
    authoredAt: new Date(String(row.authored_at)).toISOString(),
    deployedAt: new Date(String(row.deployed_at)).toISOString(),
    deploymentId: String(row.deployment_id),
    leadSeconds: Number(row.lead_seconds),
    clockSkew: Boolean(row.skew),
  }));
  return withCommitLinks(on, changes, (change) => change.sha);
}

/** Order of changes: the longest lead time first, or the latest deployment first. */
export const CHANGE_ORDER = { longest: sql`lead_seconds desc, deployed_at desc, sha`, newest: sql`deployed_at desc, lead_seconds desc, sha` };
