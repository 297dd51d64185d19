import { sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { findRepository } from "@/lib/repositories/queries";

/** The teams that own the services now: by the catalog, or, for one that it does not know, as last reported. Null where nobody does. */
export async function teamsOfServices(on: Connection, refs: string[]): Promise<Map<string, string | null>> {
  const rows = await on.execute<{ service: string; team_id: string | null }>(sql`
    select asked.service, case when e.ref is not null then t.id else reported.team_id end as team_id
    from unnest(${sql.param(refs)}::text[]) as asked(service)
      left join entities e on e.ref = asked.service
      left join teams t on t.ref = lower(e.owner_ref)
      left join lateral (select team_id from delivery_deployments where service = asked.service and team_id is not null order by finished_at desc limit 1) reported on e.ref is null`);
  return new Map(rows.map((row) => [row.service, row.team_id]));
}

/** Gives deployments that arrived before their service was in the catalog to its owner. Returns whether any were. */
export async function adoptUnowned(tx: Tx): Promise<boolean> {
  const owners = sql`from entities e join teams t on t.ref = lower(e.owner_ref)`;
  await tx.execute(sql`update incidents i set team_id = t.id ${owners} where i.team_id is null and e.ref = i.service`);
  const marked = await tx.execute(sql`
    with adopted as (update delivery_deployments d set team_id = t.id ${owners} where d.team_id is null and e.ref = d.service returning d.service, d.is_demo, d.finished_at)
    insert into delivery_dirty (service, is_demo, since) select service, is_demo, min(finished_at) from adopted group by 1, 2 order by 1, 2 returning service`);
  return marked.length > 0;
}

/** The service that a repository holds: its own entity, else the component that bears its name. */
export async function serviceOfRepository(on: Connection, repository: string): Promise<string> {
  const at = repository.lastIndexOf("/");
  const known = await findRepository(on, { owner: repository.slice(0, at), name: repository.slice(at + 1) });
  return known?.entityRef ?? refOfName(repository.slice(at + 1));
}

/** The reference that a service of this name has, whether it is known or not. */
export function refOfName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 63);
  return `component:default/${name || "unnamed"}`;
}
