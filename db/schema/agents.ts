import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { apiTokens, users } from "./identity";

/** The agent or editor that a token was last used by. MCP names it once, when it connects. */
export const agentClients = pgTable("agent_clients", {
  tokenId: text("token_id")
    .primaryKey()
    .references(() => apiTokens.id, { onDelete: "cascade" }),
  name: text("name").notNull(),
  version: text("version").notNull(),
  lastCallAt: moment("last_call_at").notNull(),
});

/** What an agent wants to do and a person has to confirm. Bound to the tool, its arguments and the token; good for one call. */
export const confirmations = pgTable(
  "confirmations",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    tokenId: text("token_id").notNull(),
    tokenName: text("token_name").notNull(),
    client: text("client").notNull(),
    tool: text("tool").notNull(),
    title: text("title").notNull(),
    /** Keyed, over the tool and all of its arguments: secrets among them cannot be guessed from it. */
    inputHash: text("input_hash").notNull(),
    /** The arguments as the person sees them, secrets hidden. */
    shown: jsonb("shown").$type<Record<string, unknown>>().notNull(),
    /** What would be lost, one line each; the call that uses the confirmation has to have the same. */
    effects: jsonb("effects").$type<string[]>().notNull(),
    status: text("status", { enum: ["waiting", "confirmed", "refused", "used"] })
      .notNull()
      .default("waiting"),
    createdAt: createdAt(),
    expiresAt: moment("expires_at").notNull(),
    decidedAt: moment("decided_at"),
    usedAt: moment("used_at"),
  },
  (t) => [index("confirmations_user").on(t.userId, t.createdAt)],
);
