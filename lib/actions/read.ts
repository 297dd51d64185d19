import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { actions, actionVersions, teams } from "@/db/schema";
import { type Actor, ownTeamIds } from "@/lib/core/actor";
import { DomainError } from "@/lib/core/errors";
import { nearestName } from "@/lib/core/nearest-name";
import { type ActionDefinition, type ActionStatus, type ActionSummary, type LastRun, LOSING_FUNCTIONS } from "./contract";
import { storedDefinition } from "./definition";
import { mayRunFor, whoInWords } from "./who";

export type ActionRow = typeof actions.$inferSelect;

export interface KnownAction {
  row: ActionRow;
  /** Null until it is published. */
  published: ActionDefinition | null;
}

/** Actions with what is published of them, by name. */
export async function readActions(on: Connection): Promise<KnownAction[]> {
  const rows = await on
    .select({ row: actions, published: actionVersions.definition })
    .from(actions)
    .leftJoin(actionVersions, sql`${actionVersions.actionId} = ${actions.id} and ${actionVersions.version} = ${actions.publishedVersion}`)
    .orderBy(asc(actions.name));
  return rows.map(({ row, published }) => ({ row, published: published ? storedDefinition(published) : null }));
}

/** The action of that name. Throws not_found with the nearest name. */
export async function loadAction(on: Connection, name: string): Promise<KnownAction> {
  const all = await readActions(on);
  const found = all.find(({ row }) => row.name === name);
  if (found) return found;
  const near = nearestName(
    name,
    all.map(({ row }) => row.name),
  );
  throw new DomainError("not_found", `There is no action "${name.slice(0, 64)}".${near ? ` Did you mean "${near}"?` : ""}`);
}

/** The published definition of an action that people may run. Throws not_found for a draft, conflict for a disabled one. */
export function runnable({ row, published }: KnownAction): { definition: ActionDefinition; version: number } {
  if (!published || row.publishedVersion === null) throw new DomainError("not_found", `There is no action "${row.name}".`);
  if (!row.isEnabled) throw new DomainError("conflict", `"${published.title}" is disabled. Ask the platform team.`);
  return { definition: published, version: row.publishedVersion };
}

export const statusOf = ({ row }: KnownAction): ActionStatus => (row.publishedVersion === null ? "draft" : row.isEnabled ? "published" : "disabled");

interface Usage {
  runs28d: number;
  usualMs: number | null;
  lastRun: LastRun | null;
}

/** What happened with these actions; test calls do not count. */
export async function usageOf(on: Connection, ids: string[], now: Date): Promise<Map<string, Usage>> {
  if (ids.length === 0) return new Map();
  const among = sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );
  const rows = await on.execute<{ id: string; n: number; usual: number | null; last_id: string | null; last_status: string; last_at: string }>(sql`
    with done as (
      select ar.action_id, r.id, r.status, r.created_at, extract(epoch from r.finished_at - r.started_at) * 1000 as ms,
        row_number() over (partition by ar.action_id order by r.created_at desc, r.id desc) as nth,
        row_number() over (partition by ar.action_id, r.status order by r.created_at desc) as nth_of_status
      from action_runs ar join runs r on r.id = ar.run_id where ar.version is not null and ar.action_id in (${among}))
    select action_id as id, count(*) filter (where created_at > ${now.toISOString()}::timestamptz - interval '28 days')::int as n,
      round(percentile_cont(0.5) within group (order by ms) filter (where status = 'succeeded' and nth_of_status <= 20))::int as usual,
      max(id) filter (where nth = 1) as last_id, max(status) filter (where nth = 1) as last_status,
      to_char(max(created_at) filter (where nth = 1) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last_at
    from done group by action_id`);
  return new Map(rows.map((row) => [row.id, { runs28d: row.n, usualMs: row.usual, lastRun: row.last_id ? { id: row.last_id, status: row.last_status, at: row.last_at } : null }]));
}

/** Null = the actor may run it for one of the given teams. */
function lockedFor(actor: Actor, definition: ActionDefinition, candidates: { id: string; ref: string }[]): string | null {
  const may = candidates.some((team) => mayRunFor(actor, definition, team));
  return may ? null : whoInWords(definition);
}

/** Teams of the actor, as member, owner or manager. */
export async function teamsOfActor(on: Connection, actor: Actor): Promise<{ id: string; ref: string }[]> {
  if (actor.type !== "user") return [];
  if (actor.role === "platform-admin") return on.select({ id: teams.id, ref: teams.ref }).from(teams);
  const ids = ownTeamIds(actor);
  return ids.length === 0 ? [] : on.select({ id: teams.id, ref: teams.ref }).from(teams).where(inArray(teams.id, ids));
}

function agentsAsk({ backEnd, agents }: ActionDefinition): boolean {
  if (backEnd.type !== "function") return agents !== "free";
  return agents === "ask" || LOSING_FUNCTIONS.includes(backEnd.function);
}

/** An action as lists show it; `candidates` are the teams for which the actor could run it. */
export function summarize(known: KnownAction, shown: ActionDefinition, usage: Usage | undefined, actor: Actor, candidates: { id: string; ref: string }[]): ActionSummary {
  const { title, description, target, whoMayRun, backEnd } = shown;
  return {
    name: known.row.name,
    title,
    description,
    target,
    whoMayRun,
    teams: shown.teams,
    backEnd: backEnd.type,
    agentsAsk: agentsAsk(shown),
    version: known.row.publishedVersion,
    status: statusOf(known),
    isShipped: known.row.isShipped,
    locked: lockedFor(actor, shown, candidates),
    usualMs: usage?.usualMs ?? null,
    runs28d: usage?.runs28d ?? 0,
    lastRun: usage?.lastRun ?? null,
  };
}

/** Every version of an action, newest first. */
export async function versionsOf(on: Connection, actionId: string) {
  return on.select().from(actionVersions).where(eq(actionVersions.actionId, actionId)).orderBy(desc(actionVersions.version));
}
