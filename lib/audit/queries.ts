import "server-only";
import { and, count, eq, lt } from "drizzle-orm";
import { auditEvents, teams } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { type AuditEvent, AuditEventId, AuditExportInput, AuditListInput } from "./contract";
import { exportStream } from "./export";
import { matching, presentEvent, selectEvents, withinReach } from "./select";

/** Everybody may read their own doings; `withinReach` widens that by role. */
const ownDoings = (_on: unknown, _input: unknown, ctx: Ctx) => ({ userId: ctx.actor.type === "user" ? ctx.actor.id : null });

export const listAuditEvents = query({
  name: "audit.read",
  summary: "The audit log, newest first: all of it, your teams', or your own, by role.",
  input: AuditListInput,
  subject: ownDoings,
  run: async (on, { limit, cursor, ...filter }, ctx): Promise<{ items: AuditEvent[]; nextCursor: string | null; total: number }> => {
    const where = and(withinReach(ctx), matching(filter));
    const [rows, [totals]] = await Promise.all([
      selectEvents(on)
        .where(and(where, cursor ? lt(auditEvents.seq, Number(cursor)) : undefined))
        .limit(limit + 1),
      on.select({ n: count() }).from(auditEvents).leftJoin(teams, eq(teams.id, auditEvents.teamId)).where(where),
    ]);
    const shown = rows.slice(0, limit);
    return { items: shown.map(presentEvent), nextCursor: rows.length > limit ? String(shown.at(-1)?.row.seq) : null, total: totals?.n ?? 0 };
  },
});

export const getAuditEvent = query({
  name: "audit.read",
  summary: "One audit event.",
  input: AuditEventId,
  subject: ownDoings,
  run: async (on, { id }, ctx): Promise<AuditEvent> => {
    const [found] = await selectEvents(on)
      .where(and(eq(auditEvents.id, id), withinReach(ctx)))
      .limit(1);
    if (!found) throw new DomainError("not_found", "There is no such audit event, or you may not see it.");
    return presentEvent(found);
  },
});

export const exportAuditEvents = query({
  name: "audit.read",
  summary: "The audit log as CSV or JSON, within the same reach as the list.",
  input: AuditExportInput,
  subject: ownDoings,
  run: async (_on, { format, ...filter }, ctx) => exportStream(and(withinReach(ctx), matching(filter)), format),
});
