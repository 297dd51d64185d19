import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { type Node, within } from "./node";
import { addDays } from "./window";

/** Below this many authors a figure about changes would be about a person. */
export const SMALLEST_GROUP = 3;
export const TOO_FEW_AUTHORS =
  "Fewer than three people wrote these changes in a year, so the figure would be about a person. Only their own team sees it; the group above has it within its own.";
const YEAR_DAYS = 365;

/**
 * True where figures and rows about changes of this team or service are withheld from the reader: fewer than three people authored
 * those of the year up to `until` (a day, exclusive). A year, so that no choice of dates singles anybody out. Never withheld are the
 * organisation, and from engineers what their own team does.
 */
export async function isTooSmall(on: Connection, node: Node, isDemo: boolean, until: string, actor: Actor): Promise<boolean> {
  if (node.type === "org" || actor.type !== "user") return false;
  if (actor.role !== "manager" && node.teamId !== null && actor.teams.some((team) => team.id === node.teamId)) return false;
  return (await authorsUpTo(on, node, isDemo, until, SMALLEST_GROUP)) < SMALLEST_GROUP;
}

/** How many people authored changes, counted up to `most`: one look per author, so that a large group costs no more than a small one. */
async function authorsUpTo(on: Connection, node: Node, isDemo: boolean, until: string, most: number): Promise<number> {
  const next = (known: ReturnType<typeof sql>) => sql`
    select lower(c.author) as author from delivery_changes h join delivery_commits c on c.repository = h.repository and c.sha = h.sha
    where h.counted and h.is_demo = ${isDemo} and h.day >= ${addDays(until, -YEAR_DAYS)} and h.day < ${until} and ${within(node, sql`h.`)} and not lower(c.author) = any(${known}) limit 1`;
  const [row] = await on.execute<{ n: number }>(sql`
    with recursive found(authors) as (
      select '{}'::text[]
      union all
      select found.authors || one.author from found cross join lateral (${next(sql`found.authors`)}) one where cardinality(found.authors) < ${most}
    ) select max(cardinality(authors))::int as n from found`);
  return row?.n ?? 0;
}
