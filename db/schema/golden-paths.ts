import { bigserial, boolean, index, integer, json, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytea, createdAt, moment } from "../columns";
import { runs } from "./runs";

export const goldenPaths = pgTable("golden_paths", {
  name: text("name").primaryKey(),
  title: text("title").notNull(),
  description: text("description").notNull(),
  ownerRef: text("owner_ref").notNull(),
  /** The version that new environments and services use unless they name one. */
  currentVersion: text("current_version").notNull(),
  /** Paths for testing the platform itself; hidden from lists. */
  isInternal: boolean("is_internal").notNull().default(false),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

/** Immutable once written. */
export const goldenPathVersions = pgTable(
  "golden_path_versions",
  {
    name: text("name")
      .notNull()
      .references(() => goldenPaths.name, { onDelete: "cascade" }),
    version: text("version").notNull(),
    /** Not jsonb, which forgets the order of keys: it is the order of the questions. */
    definition: json("definition").$type<Record<string, unknown>>().notNull(),
    /** gzip of the files (path → mode, base64 content) as JSON. */
    archive: bytea("archive").notNull(),
    contentHash: text("content_hash").notNull(),
    note: text("note").notNull().default(""),
    publishedBy: text("published_by"),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.name, t.version] })],
);

/** What the platform team is working on; at most one per path. Not bound to a path: the first version of a new one begins here as well. */
export const goldenPathDrafts = pgTable("golden_path_drafts", {
  name: text("name").primaryKey(),
  /** The version it began from; null for a new path. */
  baseVersion: text("base_version"),
  /** As in `golden_path_versions`. */
  archive: bytea("archive").notNull(),
  /** Grows with every save; a save that names an older one is refused. */
  revision: integer("revision").notNull().default(1),
  updatedBy: text("updated_by"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdBy: text("created_by"),
  createdAt: createdAt(),
});

/** Which version became the current one, when and by whom: publications and ways back. */
export const goldenPathChanges = pgTable(
  "golden_path_changes",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    name: text("name")
      .notNull()
      .references(() => goldenPaths.name, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["published", "made-current"] }).notNull(),
    version: text("version").notNull(),
    fromVersion: text("from_version"),
    note: text("note").notNull().default(""),
    changedBy: text("changed_by"),
    at: moment("at").notNull(),
  },
  (t) => [index("golden_path_changes_name").on(t.name, t.id)],
);

/** What a run of a golden path's steps carries beside its input: what must not be seen, and what it gave at the end. */
export const goldenPathRuns = pgTable("golden_path_runs", {
  runId: text("run_id")
    .primaryKey()
    .references(() => runs.id, { onDelete: "cascade" }),
  /** Secret answers and secrets of a client, as one encrypted JSON object; removed at the end of a run that succeeded. */
  secretsSealed: text("secrets_sealed"),
  /** The template's rendered `output`: links, texts and free values. */
  output: json("output").$type<Record<string, unknown>>(),
  createdAt: createdAt(),
});
