import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, moment } from "../columns";

/** One thing of a service that comes to its end, and what the person chose for it. */
export interface DecommissionChoice {
  key: string;
  kind: "environment" | "pull-request" | "webhook" | "repository" | "entity";
  name: string;
  choice: "delete" | "archive" | "remove" | "keep";
}

/** What became of one thing, and how that was verified. */
export interface DecommissionResult {
  kind: DecommissionChoice["kind"] | "database" | "dependant";
  name: string;
  result: "deleted" | "archived" | "removed" | "closed" | "kept" | "told";
  verified: string;
  href: string | null;
  at: string;
}

/** The end of a service: who asked, what for each thing, and the receipt. It outlives its run and its entity. */
export const decommissions = pgTable(
  "decommissions",
  {
    runId: text("run_id").primaryKey(),
    entityRef: text("entity_ref").notNull(),
    title: text("title").notNull(),
    teamId: text("team_id"),
    requestedBy: text("requested_by"),
    repositoryId: text("repository_id"),
    choices: jsonb("choices").$type<DecommissionChoice[]>().notNull(),
    /** Null until the run has succeeded. */
    results: jsonb("results").$type<DecommissionResult[]>(),
    createdAt: createdAt(),
    completedAt: moment("completed_at"),
    undoneAt: moment("undone_at"),
    undoneBy: text("undone_by"),
  },
  (t) => [index("decommissions_entity").on(t.entityRef, sql`${t.createdAt} desc`)],
);
