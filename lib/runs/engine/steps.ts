import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { LostRun, type RunRow } from "./lease";

// The borders of a step are one statement each: a run has many, and each round trip would be a millisecond or two of it.
// Like `fenced`, they hold the run's row, so that no takeover can happen inside.

const held = (row: RunRow) => sql`held as (select 1 from runs where id = ${row.id} and fence = ${row.fence} and status = 'running' for no key update)`;

/** Marks a step as under way; one that succeeded is not done again. Throws LostRun, and where the step is not in the plan. */
export async function beginStep(row: RunRow, name: string): Promise<{ done: true; checkpoint: unknown } | { done: false; attempt: number }> {
  // A step that waited for the outside goes on: same attempt, same begin.
  const goesOn = row.setAside > 0;
  const [found] = await db().execute<{ isHeld: boolean; attempt: number | null; status: string | null; checkpoint: unknown }>(sql`
    with ${held(row)}, begun as (
      update run_steps s set status = 'running', finished_at = null,
        attempt = s.attempt + case when ${goesOn}::boolean and s.status = 'running' then 0 else 1 end,
        started_at = case when ${goesOn}::boolean and s.status = 'running' then s.started_at else now() end
      where s.run_id = ${row.id} and s.name = ${name} and s.status <> 'succeeded' and exists (select 1 from held) returning s.attempt
    ), told as (select pg_notify('waymark_run', ${row.id}) from begun)
    select exists (select 1 from held) as "isHeld", (select attempt from begun) as attempt, (select count(*) from told) as told, s.status, s.checkpoint
    from (select 1) one left join run_steps s on s.run_id = ${row.id} and s.name = ${name}`);
  if (!found?.isHeld) throw new LostRun();
  if (found.attempt !== null) return { done: false, attempt: found.attempt };
  if (found.status === null) throw new Error(`step ${name} is not in the plan of ${row.kind}`);
  return { done: true, checkpoint: found.checkpoint };
}

/** Keeps what a step gave. Throws LostRun. */
export async function finishStep(row: RunRow, name: string, result: unknown): Promise<void> {
  const [found] = await db().execute<{ isHeld: boolean }>(sql`
    with ${held(row)}, done as (
      update run_steps set status = 'succeeded', finished_at = now(), checkpoint = ${JSON.stringify(result)}::jsonb
      where run_id = ${row.id} and name = ${name} and exists (select 1 from held) returning 1
    ), told as (select pg_notify('waymark_run', ${row.id}) from done)
    select exists (select 1 from held) as "isHeld", (select count(*) from told) as told`);
  if (!found?.isHeld) throw new LostRun();
}
