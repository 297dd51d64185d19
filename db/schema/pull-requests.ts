import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { repositories } from "./repositories";

/** What a pull request that brings a newer version of the golden path is about. */
export interface UpgradeRecord {
  goldenPath: string;
  from: string;
  to: string;
  /** The commit that Waymark made: another one on the branch is somebody's work. */
  commit: string;
  conflicts: { path: string; kind: string }[];
  /** Ejections that end when it is merged. */
  rejoins: string[];
}

export const pullRequests = pgTable(
  "repository_pull_requests",
  {
    id: id(),
    repositoryId: text("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    /** Counts up within the repository. */
    number: integer("number").notNull(),
    title: text("title").notNull(),
    body: text("body").notNull().default(""),
    sourceBranch: text("source_branch").notNull(),
    targetBranch: text("target_branch").notNull(),
    /** Null = Waymark itself. */
    authorId: text("author_id"),
    status: text("status", { enum: ["open", "merged", "closed"] }).notNull(),
    isDraft: boolean("is_draft").notNull().default(false),
    /** Newest commit of the source branch, as last seen. */
    head: text("head").notNull(),
    /** The target branch when the rest of this row was last looked at; once merged, what it was before. */
    base: text("base").notNull(),
    /** Files that cannot be merged by themselves, as last seen. */
    conflicts: jsonb("conflicts").$type<string[]>().notNull().default([]),
    /** The run that merges it now or tried last. */
    mergeRun: text("merge_run"),
    mergeCommit: text("merge_commit"),
    /** Who merged or closed it; null with `closed` = its branch is gone. */
    endedBy: text("ended_by"),
    endedAt: moment("ended_at"),
    upgrade: jsonb("upgrade").$type<UpgradeRecord>(),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("repository_pull_requests_number").on(t.repositoryId, t.number),
    uniqueIndex("repository_pull_requests_open").on(t.repositoryId, t.sourceBranch, t.targetBranch).where(sql`status = 'open'`),
    index("repository_pull_requests_recent").on(t.repositoryId, t.status, t.createdAt),
  ],
);

/** A concern of a golden path, or all of it, that a service's team took into its own hands. */
export const pathEjections = pgTable(
  "golden_path_ejections",
  {
    id: id(),
    repositoryId: text("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    goldenPath: text("golden_path").notNull(),
    /** Null = the whole path. */
    concern: text("concern"),
    /** Patterns of its files at that time. */
    files: jsonb("files").$type<string[]>().notNull(),
    reason: text("reason").notNull(),
    /** The version its files came from: where a way back begins. */
    version: text("version").notNull(),
    ejectedBy: text("ejected_by"),
    ejectedAt: moment("ejected_at").notNull(),
    rejoinedAt: moment("rejoined_at"),
  },
  (t) => [
    uniqueIndex("golden_path_ejections_open").on(t.repositoryId, sql`coalesce(${t.concern}, '')`).where(sql`rejoined_at is null`),
    index("golden_path_ejections_path").on(t.goldenPath, t.ejectedAt),
  ],
);
