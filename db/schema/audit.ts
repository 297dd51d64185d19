import { sql } from "drizzle-orm";
import { bigserial, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "../columns";

/** Append-only: the portal's database role may insert and select, and a trigger refuses the rest. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: text("id").primaryKey(),
    seq: bigserial("seq", { mode: "number" }).notNull().unique(),
    at: moment("at").notNull(),
    actorType: text("actor_type", { enum: ["user", "system", "anonymous", "connection"] }).notNull(),
    actorId: text("actor_id"),
    actorLabel: text("actor_label").notNull(),
    tokenId: text("token_id"),
    /** The agent or editor in whose hands the token was, by its own word; null at every other door. */
    mcpClient: text("mcp_client"),
    /** The ability: `environment.create`. */
    name: text("name").notNull(),
    result: text("result", { enum: ["done", "refused"] }).notNull(),
    targetType: text("target_type"),
    targetId: text("target_id"),
    targetLabel: text("target_label"),
    teamId: text("team_id"),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default(sql`'{}'::jsonb`),
    requestId: text("request_id"),
    ipPrefix: text("ip_prefix"),
  },
  (t) => [
    index("audit_events_actor").on(t.actorId, t.seq),
    index("audit_events_target").on(t.targetType, t.targetId, t.seq),
    index("audit_events_name").on(t.name, t.seq),
    index("audit_events_team").on(t.teamId, t.seq),
    // What concerns an entity although it happened to something else: a deployment, an action, a run.
    index("audit_events_entity").on(sql`(${t.detail} ->> 'entityRef')`, t.seq),
  ],
);
