import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";

/** Follows the teams: brings the stored tree to that of now and marks the days of every group that gained or lost a team. */
export async function followTree(tx: Tx): Promise<void> {
  const now = sql`now as (
    with recursive up(team_id, node) as (
      select id, id from teams
      union select up.team_id, t.parent_id from up join teams t on t.id = up.node where t.parent_id is not null
    ) select team_id, node from up)`;
  await tx.execute(sql`
    with recursive ${now},
    gone as (delete from delivery_tree d where not exists (select 1 from now where now.team_id = d.team_id and now.node = d.node) returning team_id, node),
    made as (insert into delivery_tree (team_id, node) select team_id, node from now on conflict do nothing returning team_id, node)
    insert into delivery_dirty_days (node, is_demo, day)
    select distinct moved.node, s.is_demo, s.day from (select * from gone union all select * from made) moved join delivery_service_days s on s.team_id = moved.team_id
    on conflict do nothing`);
}

/** Marks days of a team's groups and of the organisation to be summed again. */
export async function markDays(tx: Tx, isDemo: boolean, days: { day: string; team_id: string }[]): Promise<void> {
  if (days.length === 0) return;
  await tx.execute(sql`
    insert into delivery_dirty_days (node, is_demo, day)
    select distinct n.node, ${isDemo}, f.day from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as f(day date, team_id text)
      cross join lateral (select ${ORGANISATION} as node union select t.node from delivery_tree t where t.team_id = f.team_id) n
    on conflict do nothing`);
}

/** Stands for the whole organisation among the groups' ids. */
export const ORGANISATION = "org";
