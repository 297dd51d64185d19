import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";

/** Notes how many entities are at each level today; the last of a day stays. */
export async function noteDay(on: Connection, scorecardId: string, day: string): Promise<void> {
  await on.execute(sql`
    with now_at as (select level, count(*)::int as n from scorecard_levels where scorecard_id = ${scorecardId} group by level),
      gone as (delete from scorecard_days d where scorecard_id = ${scorecardId} and day = ${day}::date and not exists (select 1 from now_at where now_at.level = d.level))
    insert into scorecard_days as d (scorecard_id, day, level, entities) select ${scorecardId}, ${day}::date, level, n from now_at
    on conflict (scorecard_id, day, level) do update set entities = excluded.entities where d.entities <> excluded.entities`);
}
