import { sql } from "drizzle-orm";
import { type Connection, db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import type { Actor } from "./actor";
import type { Ctx } from "./ctx";
import { newId } from "./id";

export interface AuditRecord {
  target?: { type: string; id: string; label?: string };
  teamId?: string | null;
  /** Written out field by field: never a whole row, rows grow secrets. */
  detail?: Record<string, unknown>;
}

/** Writes one audit event on the given connection: inside the transaction of the change it tells of. */
export async function writeAudit(on: Connection, ctx: Ctx, name: string, result: "done" | "refused", record: AuditRecord = {}): Promise<void> {
  await on.insert(auditEvents).values(eventOf(ctx, name, result, record));
}

/** Writes many events of things done. They travel as one parameter: building a statement with a parameter for each column takes longer than writing them. */
export async function writeAudits(on: Connection, ctx: Ctx, events: { name: string; record: AuditRecord }[]): Promise<void> {
  if (events.length === 0) return;
  const rows = JSON.stringify(events.map(({ name, record }) => eventOf(ctx, name, "done", record)));
  await on.execute(sql`
    insert into ${auditEvents} (id, at, actor_type, actor_id, actor_label, token_id, name, result, target_type, target_id, target_label, team_id, detail, request_id, ip_prefix)
    select * from jsonb_to_recordset(${rows}::jsonb) as event(
      "id" text, "at" timestamptz, "actorType" text, "actorId" text, "actorLabel" text, "tokenId" text, "name" text, "result" text,
      "targetType" text, "targetId" text, "targetLabel" text, "teamId" text, "detail" jsonb, "requestId" text, "ipPrefix" text)`);
}

function eventOf(ctx: Ctx, name: string, result: "done" | "refused", record: AuditRecord): typeof auditEvents.$inferInsert {
  const { actor } = ctx;
  return {
    id: newId("audit"),
    at: ctx.now,
    actorType: actor.type,
    actorId: actor.type === "user" || actor.type === "connection" ? actor.id : null,
    actorLabel: actor.type === "user" ? actor.handle : actor.type === "anonymous" ? "anonymous" : actor.name,
    mcpClient: ctx.agent ?? null,
    tokenId: tokenOf(actor),
    name,
    result,
    targetType: record.target?.type ?? null,
    targetId: record.target?.id ?? null,
    targetLabel: record.target?.label ?? null,
    teamId: record.teamId ?? null,
    detail: record.detail ?? {},
    requestId: ctx.requestId,
    ipPrefix: ctx.ipPrefix,
  };
}

function tokenOf(actor: Actor): string | null {
  if (actor.type === "connection") return actor.tokenId;
  return actor.type === "user" && actor.credential.type === "token" ? actor.credential.id : null;
}

/** A refused attempt. Its transaction has rolled back, so this is written on a connection of its own. */
export async function writeRefusal(ctx: Ctx, name: string, record: AuditRecord): Promise<void> {
  await writeAudit(db(), ctx, name, "refused", record);
}
