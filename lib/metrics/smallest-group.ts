import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { type Node, nodeNamed, within } from "./node";
import { ORGANISATION } from "./tree";
import { addDays } from "./window";

/** Below this many authors a figure about changes would be about a person. */
export const SMALLEST_GROUP = 3;
export const TOO_FEW_AUTHORS =
  "Fewer than three people wrote these changes in a year, so the figure would be about a person. Only their own team sees it; the group above has it within its own.";
const YEAR_DAYS = 365;
/** Changes of each team that are looked at first. */
const LATEST = 10;

/**
 * True where figures and rows about changes of this team or service are withheld from the reader: fewer than three people authored
 * those of the year up to `until` (a day, exclusive). A year, so that no choice of dates singles anybody out. Never withheld are the
 * organisation, from engineers what their own team does, and anything while the organisation itself has fewer than three authors:
 * its figures would tell the same.
 */
export async function isTooSmall(on: Connection, node: Node, isDemo: boolean, until: string, actor: Actor): Promise<boolean> {
  if (node.type === "org" || actor.type !== "user") return false;
  if (actor.role !== "manager" && node.teamId !== null && actor.teams.some((team) => team.id === node.teamId)) return false;
  const isSmall = async (one: Node) => (await authorsUpTo(on, one, isDemo, until, SMALLEST_GROUP)) < SMALLEST_GROUP;
  return (await isSmall(node)) && !(await isSmall(await nodeNamed(on, ORGANISATION)));
}

/** How many people authored changes, counted up to `most`: one look per author, so that a large group costs no more than a small one. */
async function authorsUpTo(on: Connection, node: Node, isDemo: boolean, until: string, most: number): Promise<number> {
  const inYear = sql`h.counted and h.is_demo = ${isDemo} and h.day >= ${addDays(until, -YEAR_DAYS)} and h.day < ${until}`;
  if (node.teamIds.length > 1) {
    // Many teams have no common order; the latest few of each nearly always tell enough.
    const [latest] = await on.execute<{ n: number }>(sql`
      select count(distinct lower(c.author))::int as n from unnest(${sql.param(node.teamIds)}::text[]) as team(id)
        cross join lateral (select h.repository, h.sha from delivery_changes h where ${inYear} and h.team_id = team.id order by h.day desc limit ${LATEST}) h
        join delivery_commits c on c.repository = h.repository and c.sha = h.sha`);
    if ((latest?.n ?? 0) >= most) return most;
  }
  // In the order of an index; without it the planner, who expects to be done at once, would read the whole table for a service of one person.
  const byIndex = node.teamIds.length > 1 ? sql`` : sql`order by h.day desc`;
  const [row] = await on.execute<{ n: number }>(sql`
    with recursive found(authors) as (
      select '{}'::text[]
      union all
      select found.authors || one.author from found cross join lateral (
        select lower(c.author) as author from delivery_changes h join delivery_commits c on c.repository = h.repository and c.sha = h.sha
        where ${inYear} and ${within(node, sql`h.`)} and not lower(c.author) = any(found.authors) ${byIndex} limit 1
      ) one where cardinality(found.authors) < ${most}
    ) select max(cardinality(authors))::int as n from found`);
  return row?.n ?? 0;
}
