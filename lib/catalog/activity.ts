import { and, desc, eq, or, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { auditEvents } from "@/db/schema";
import type { EntityEvent } from "./contract";

/** What was done to an entity or to what belongs to it, newest first. Events of other things name it as `entityRef` in their detail. */
export async function readActivity(on: Connection, ref: string, limit: number): Promise<EntityEvent[]> {
  const about = or(and(eq(auditEvents.targetType, "entity"), eq(auditEvents.targetId, ref)), sql`(${auditEvents.detail} ->> 'entityRef') = ${ref}`);
  const rows = await on
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      by: auditEvents.actorLabel,
      name: auditEvents.name,
      type: auditEvents.targetType,
      targetId: auditEvents.targetId,
      label: auditEvents.targetLabel,
      change: sql<string | null>`${auditEvents.detail} ->> 'change'`,
    })
    .from(auditEvents)
    .where(and(about, eq(auditEvents.result, "done")))
    .orderBy(desc(auditEvents.seq))
    .limit(limit);
  return rows.map(({ id, at, by, name, type, targetId, label, change }) => ({
    id,
    at: at.toISOString(),
    by,
    name,
    target: type && targetId ? { type, id: targetId, label: label ?? targetId } : null,
    change,
  }));
}
