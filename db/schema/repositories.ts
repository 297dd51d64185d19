import { sql } from "drizzle-orm";
import { boolean, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { teams } from "./identity";

export const repositories = pgTable(
  "repositories",
  {
    id: id(),
    /** Team name on our own git server, organisation or account at GitHub; at other hosts their path with dots for slashes. */
    owner: text("owner").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    provider: text("provider", { enum: ["waymark", "github", "gitlab", "gitea", "bitbucket", "azure"] }).notNull(),
    /** `creating`: reserved by a run and shown nowhere; `archived`: readable, takes no pushes. */
    status: text("status", { enum: ["creating", "ready", "archived"] }).notNull(),
    defaultBranch: text("default_branch").notNull().default("main"),
    cloneUrl: text("clone_url").notNull(),
    webUrl: text("web_url").notNull(),
    teamId: text("team_id")
      .notNull()
      .references(() => teams.id),
    entityRef: text("entity_ref"),
    goldenPath: text("golden_path"),
    goldenPathVersion: text("golden_path_version"),
    /** The run that makes or made it: another one finding the name taken knows that it is not its own. */
    madeByRun: text("made_by_run"),
    /** Secret answers of the golden path, sealed; emptied when the run that needs them succeeds. */
    answersSealed: text("answers_sealed"),
    createdBy: text("created_by"),
    archivedAt: moment("archived_at"),
    receipt: jsonb("receipt").$type<{ completedAt: string; items: { kind: string; name: string; verified: string }[] }>(),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("repositories_name").on(t.provider, sql`lower(${t.owner})`, sql`lower(${t.name})`),
    index("repositories_entity").on(t.entityRef),
    index("repositories_team").on(t.teamId, t.createdAt),
  ],
);

/** Where each branch and tag was when it was last looked at; the difference to git is what is new. */
export const repositoryRefs = pgTable(
  "repository_refs",
  {
    repositoryId: text("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    /** Full name, for example refs/heads/main. */
    name: text("name").notNull(),
    sha: text("sha").notNull(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.name] })],
);

export const repositoryPushes = pgTable(
  "repository_pushes",
  {
    id: id(),
    repositoryId: text("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    ref: text("ref").notNull(),
    /** Null when the ref is new. */
    before: text("before"),
    /** Null when the ref was deleted. */
    after: text("after"),
    pushedBy: text("pushed_by"),
    /** `announced`: git was asked and has not answered; `recorded`: the ref is there and followers were told. */
    status: text("status", { enum: ["announced", "recorded"] }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("repository_pushes_recent").on(t.repositoryId, t.createdAt)],
);
