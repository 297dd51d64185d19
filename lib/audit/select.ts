import { and, desc, eq, gte, ilike, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { auditEvents, teams } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { teamsWithin } from "@/lib/core/policy";
import type { AuditDoor, AuditEvent, AuditFilter } from "./contract";

type Filter = z.output<typeof AuditFilter>;

/** What the caller may read: everything, or their own events and those of the teams they answer for. */
export function withinReach({ actor }: Ctx): SQL | undefined {
  const reach = teamsWithin(actor, "audit.read");
  if (reach === "all") return undefined;
  const own = actor.type === "user" ? eq(auditEvents.actorId, actor.id) : sql`false`;
  return reach.length ? or(own, inArray(auditEvents.teamId, reach)) : own;
}

const containing = (text: string) => `%${text.replace(/[%_\\]/g, "\\$&")}%`;

const { actorType, tokenId, mcpClient } = auditEvents;
const THROUGH: Record<AuditDoor, SQL | undefined> = {
  platform: eq(actorType, "system"),
  mcp: isNotNull(mcpClient),
  token: and(ne(actorType, "system"), isNull(mcpClient), isNotNull(tokenId)),
  browser: and(ne(actorType, "system"), isNull(mcpClient), isNull(tokenId)),
};

/** The filter as a condition on `audit_events` joined with `teams`. */
export function matching({ actor, name, target, team, result, door, from, to }: Filter): SQL | undefined {
  return and(
    actor ? or(eq(auditEvents.actorLabel, actor), eq(auditEvents.actorId, actor)) : undefined,
    name ? (name.includes(".") ? eq(auditEvents.name, name) : or(eq(auditEvents.name, name), ilike(auditEvents.name, `${name.replace(/[%_\\]/g, "\\$&")}.%`))) : undefined,
    target ? or(eq(auditEvents.targetId, target), eq(auditEvents.targetType, target), ilike(auditEvents.targetLabel, containing(target))) : undefined,
    team ? or(eq(teams.name, team), eq(teams.ref, team)) : undefined,
    result ? eq(auditEvents.result, result) : undefined,
    door ? THROUGH[door] : undefined,
    from ? gte(auditEvents.at, from) : undefined,
    to ? lt(auditEvents.at, to) : undefined,
  );
}

/** Events with their team's ref, newest first; add `where` and `limit`. */
export function selectEvents(on: Connection) {
  return on.select({ row: auditEvents, team: teams.ref }).from(auditEvents).leftJoin(teams, eq(teams.id, auditEvents.teamId)).orderBy(desc(auditEvents.seq)).$dynamic();
}

/** One event as the outside sees it. */
export function presentEvent({ row, team }: { row: typeof auditEvents.$inferSelect; team: string | null }): AuditEvent {
  const { id, at, actorType, actorId, actorLabel, tokenId, mcpClient, name, result, targetType, targetId, targetLabel, detail, requestId, ipPrefix } = row;
  return {
    id,
    at: at.toISOString(),
    actor: { type: actorType, id: actorId, label: actorLabel },
    door: actorType === "system" ? "platform" : mcpClient !== null ? "mcp" : tokenId ? "token" : "browser",
    tokenId,
    mcpClient,
    name,
    result,
    target: targetType && targetId ? { type: targetType, id: targetId, label: targetLabel ?? targetId } : null,
    team,
    detail,
    requestId,
    ipPrefix,
  };
}
