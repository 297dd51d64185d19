import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { withCommitLinks } from "./commit-links";
import type { DeploymentLine } from "./contract";

/** Production deployments with the first line of their commit, newest first. */
export async function recentDeployments(on: Connection, where: SQL, limit: number, offset = 0): Promise<DeploymentLine[]> {
  const rows = await on.execute<Record<string, string | number | boolean | null>>(sql`
    select d.id, d.external_id as "externalId", d.service, d.environment, d.commit, c.subject, d.repository, d.status, d.kind, d.started_at as "startedAt", d.finished_at as "finishedAt",
      d.changes, d.caused_failure as "causedFailure", d.source, d.is_rework as "isRework"
    from (select * from delivery_deployments where ${where} order by finished_at desc, id desc limit ${limit} offset ${offset}) d
      left join delivery_commits c on c.repository = d.repository and c.sha = d.commit
    order by d.finished_at desc, d.id desc`);
  const deployments = rows.map((row) => ({
    ...(row as unknown as Omit<DeploymentLine, "href">),
    startedAt: new Date(String(row.startedAt)).toISOString(),
    finishedAt: new Date(String(row.finishedAt)).toISOString(),
  }));
  return withCommitLinks(on, deployments, (one) => one.commit);
}
