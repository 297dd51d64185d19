import { and, eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { memberships, users } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { type Ctx, channelOf } from "@/lib/core/ctx";
import { dateFormat } from "@/lib/core/date-format";
import { env } from "@/lib/core/env";
import type { Ability, ActorFacts, Document, RequestFacts, TeamFacts } from "./contract";

/** Larger answers are not kept, and so not looked at either: the second look has to see what the first one saw. */
const MAX_VALUES_CHARS = 70_000;

/** What is asked of guardrails: an ability, for a team, with the facts of the request. */
export interface Asked<A extends Ability = Ability> {
  ability: A;
  /** Null for what belongs to no team. */
  teamId: string | null;
  request: RequestFacts<A>;
  /** Who is behind something that the platform does by itself, such as a push. */
  onBehalfOf?: string | null;
}

/** The facts of a request without what cannot be told, and without answers that are too large. */
export function requestOf(request: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(request).filter(([name, value]) => value !== undefined && value !== null && (name !== "values" || JSON.stringify(value).length <= MAX_VALUES_CHARS)),
  );
}

/** Everything that conditions are evaluated over, for a request that comes now. */
export async function documentOf(on: Connection, ctx: Ctx, { teamId, request, onBehalfOf = null }: Asked): Promise<{ document: Document; teamRef: string }> {
  const team = await readTeam(on, teamId, null);
  const actor = ctx.actor.type === "user" ? actorOf(ctx.actor, teamId) : await actorNow(on, onBehalfOf, teamId);
  return { document: { request: requestOf(request), team: team.facts, actor, channel: channelOf(ctx), now: momentOf(ctx.now, env().timeZone) }, teamRef: team.ref };
}

function actorOf(actor: UserActor, teamId: string | null): ActorFacts {
  const membership = actor.teams.find(({ id }) => id === teamId)?.membership;
  return { role: actor.role, isOwner: membership === "owner", isMember: membership !== undefined, isPlatformAdmin: actor.role === "platform-admin" };
}

/** The same of somebody who asked before, as they are now. */
export async function actorNow(on: Connection, userId: string | null, teamId: string | null): Promise<ActorFacts> {
  const [row] = userId
    ? await on
        .select({ role: users.role, membership: memberships.membership })
        .from(users)
        .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.teamId, teamId ?? "")))
        .where(eq(users.id, userId))
    : [];
  return { role: row?.role ?? "platform", isOwner: row?.membership === "owner", isMember: Boolean(row?.membership), isPlatformAdmin: row?.role === "platform-admin" };
}

/** What a team has now, without one of its environments. */
export async function readTeam(on: Connection, teamId: string | null, notCounting: string | null): Promise<{ ref: string; facts: Partial<TeamFacts> }> {
  if (teamId === null) return { ref: "", facts: {} };
  const [row] = await on.execute<{ ref: string; name: string; sandboxes: number; environments: number; memory: number }>(sql`
    select t.ref, t.name, (count(e.id) filter (where e.lifetime = 'ephemeral'))::int as sandboxes, (count(e.id) filter (where e.lifetime = 'permanent'))::int as environments,
      coalesce(sum(e.memory_mib), 0)::int as memory
    from teams t left join environments e on e.team_id = t.id and e.status <> 'deleted' and not e.is_demo and e.id is distinct from ${notCounting}
    where t.id = ${teamId} group by t.id`);
  if (!row) throw new Error(`there is no team ${teamId}`);
  return { ref: row.ref, facts: { name: row.name, sandboxes: row.sandboxes, environments: row.environments, memoryMiB: row.memory } };
}

/** Hour, weekday and day of a moment in a time zone. */
export function momentOf(at: Date, timeZone: string): NonNullable<Document["now"]> {
  const parts = dateFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return { hour: Number(part("hour")), minute: Number(part("minute")), weekday: part("weekday").toLowerCase(), date: `${part("year")}-${part("month")}-${part("day")}` };
}
