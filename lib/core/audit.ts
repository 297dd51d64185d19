import { type Connection, db } from "@/db/client";
import { auditEvents } from "@/db/schema";
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
  const { actor } = ctx;
  await on.insert(auditEvents).values({
    id: newId("audit"),
    at: ctx.now,
    actorType: actor.type,
    actorId: actor.type === "user" ? actor.id : null,
    actorLabel: actor.type === "user" ? actor.handle : actor.type === "system" ? actor.name : "anonymous",
    mcpClient: ctx.agent ?? null,
    tokenId: actor.type === "user" && actor.credential.type === "token" ? actor.credential.id : null,
    name,
    result,
    targetType: record.target?.type ?? null,
    targetId: record.target?.id ?? null,
    targetLabel: record.target?.label ?? null,
    teamId: record.teamId ?? null,
    detail: record.detail ?? {},
    requestId: ctx.requestId,
    ipPrefix: ctx.ipPrefix,
  });
}

/** A refused attempt. Its transaction has rolled back, so this is written on a connection of its own. */
export async function writeRefusal(ctx: Ctx, name: string, record: AuditRecord): Promise<void> {
  await writeAudit(db(), ctx, name, "refused", record);
}
