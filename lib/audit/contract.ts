import { z } from "zod";

const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "Use a day such as 2026-11-24 or a time such as 2026-11-24T08:00:00Z." })
  .transform((text) => new Date(text));

/** The way in: the browser, a token (API, command line), an agent over MCP, or the platform by itself. */
export const AUDIT_DOORS = ["browser", "token", "mcp", "platform"] as const;
export type AuditDoor = (typeof AUDIT_DOORS)[number];

export const AuditFilter = z.strictObject({
  actor: z.string().max(100).optional(),
  /** An ability such as `environment.create`, or a noun for all of its abilities. */
  name: z.string().max(100).optional(),
  target: z.string().max(100).optional(),
  team: z.string().max(128).optional(),
  result: z.enum(["done", "refused"]).optional(),
  door: z.enum(AUDIT_DOORS).optional(),
  from: moment.optional(),
  /** Exclusive. */
  to: moment.optional(),
});

export const AuditListInput = AuditFilter.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Where the next page begins; given by the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "Leave it out to start from the newest.")
    .optional(),
});

export const AuditEventId = z.strictObject({ id: z.string().max(64) });

export const AuditExportInput = AuditFilter.extend({ format: z.enum(["csv", "json"]).default("csv") });

export interface AuditEvent {
  id: string;
  at: string;
  actor: { type: "user" | "system" | "anonymous" | "connection"; id: string | null; label: string };
  door: AuditDoor;
  tokenId: string | null;
  /** What the agent calls itself; null at every other door. */
  mcpClient: string | null;
  name: string;
  result: "done" | "refused";
  target: { type: string; id: string; label: string } | null;
  team: string | null;
  detail: Record<string, unknown>;
  requestId: string | null;
  ipPrefix: string | null;
}
