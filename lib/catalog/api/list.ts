import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { ApiLine } from "../contract";

const MAX_APIS = 500;

/** The APIs that an entity provides or uses, and those of a system; each with how many components provide and use it. */
export async function readApis(on: Connection, ref: string): Promise<ApiLine[]> {
  const rows = await on.execute<{
    ref: string;
    title: string | null;
    type: string | null;
    lifecycle: string | null;
    owner_ref: string | null;
    standing: ApiLine["standing"];
    providers: number;
    consumers: number;
  }>(sql`
    with found as (
      select distinct to_ref as ref, case type when 'providesApi' then 'provides' else 'uses' end as standing
      from entity_relations where from_ref = ${ref} and type in ('providesApi', 'consumesApi')
      union
      select ref, 'holds' from entities where system_ref = ${ref} and kind = 'api'
    )
    select f.ref, e.title, e.type, e.lifecycle, e.owner_ref, f.standing,
      (select count(distinct from_ref)::int from entity_relations where to_ref = f.ref and type = 'providesApi') as providers,
      (select count(distinct from_ref)::int from entity_relations where to_ref = f.ref and type = 'consumesApi') as consumers
    from found f left join entities e on e.ref = f.ref
    order by f.standing, f.ref
    limit ${MAX_APIS}`);
  return [...rows].map(({ title, owner_ref: ownerRef, ...row }) => ({ ...row, ownerRef, title: title ?? row.ref.slice(row.ref.indexOf("/") + 1), exists: title !== null }));
}
