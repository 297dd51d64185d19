import { bigserial, boolean, date, index, integer, jsonb, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";

// Worked out from the facts of delivery; all of it can be made again. And what people set for it: rules, and which measures they look at.

/** Services to work out again from a moment on; written in the transaction of the fact. Rows are only added, so that what arrives never waits for what is worked out. */
export const deliveryDirty = pgTable(
  "delivery_dirty",
  { id: bigserial("id", { mode: "number" }).primaryKey(), service: text("service").notNull(), isDemo: boolean("is_demo").notNull(), since: moment("since").notNull() },
  (t) => [index("delivery_dirty_service").on(t.isDemo, t.service)],
);

const counters = () => ({
  deployments: integer("deployments").notNull(),
  failedAttempts: integer("failed_attempts").notNull(),
  failures: integer("failures").notNull(),
  rework: integer("rework").notNull(),
  /** Deployments whose commits are not known. */
  unlinked: integer("unlinked").notNull(),
  baselines: integer("baselines").notNull(),
  changes: integer("changes").notNull(),
  botChanges: integer("bot_changes").notNull(),
  /** Deployments that Waymark itself made. */
  through: integer("through").notNull(),
});

export const deliveryServiceDays = pgTable(
  "delivery_service_days",
  {
    service: text("service").notNull(),
    isDemo: boolean("is_demo").notNull(),
    day: date("day").notNull(),
    teamId: text("team_id").notNull(),
    ...counters(),
  },
  (t) => [primaryKey({ columns: [t.service, t.isDemo, t.day, t.teamId] }), index("delivery_service_days_day").on(t.isDemo, t.day, t.teamId)],
);

/** What has been reported of each service, by the team that owned it then. */
export const deliveryServices = pgTable(
  "delivery_services",
  {
    service: text("service").notNull(),
    isDemo: boolean("is_demo").notNull(),
    teamId: text("team_id").notNull(),
    deployments: integer("deployments").notNull(),
    repository: text("repository").notNull(),
    /** Environments of every tier that were deployed to, and how many of them by Waymark. */
    environments: integer("environments").notNull(),
    throughEnvironments: integer("through_environments").notNull(),
    lastAt: moment("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.service, t.isDemo, t.teamId] }), index("delivery_services_team").on(t.isDemo, t.teamId)],
);

/** Sums and lead times of a group with everything below it, or of the organisation (`org`), by day, week and month. */
export const deliveryNodeSums = pgTable(
  "delivery_node_sums",
  {
    node: text("node").notNull(),
    isDemo: boolean("is_demo").notNull(),
    grain: text("grain", { enum: ["day", "week", "month"] }).notNull(),
    start: date("start").notNull(),
    ...counters(),
    /** Days with a deployment. */
    deploymentDays: integer("deployment_days").notNull(),
    /** Histogram of lead times: logarithmic buckets, ascending, and how many changes lie in each. Can be added up. */
    buckets: smallint("buckets").array().notNull(),
    counts: integer("counts").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.node, t.isDemo, t.grain, t.start] })],
);

/** Which groups a team's deployments count for: itself and those above it. Follows the teams; a change makes the sums be made again. */
export const deliveryTree = pgTable("delivery_tree", { teamId: text("team_id").notNull(), node: text("node").notNull() }, (t) => [
  primaryKey({ columns: [t.teamId, t.node] }),
  index("delivery_tree_node").on(t.node),
]);

/** Sums of days that are to be made again. */
export const deliveryDirtyDays = pgTable("delivery_dirty_days", { node: text("node").notNull(), isDemo: boolean("is_demo").notNull(), day: date("day").notNull() }, (t) => [
  primaryKey({ columns: [t.isDemo, t.day, t.node] }),
]);

/** What the derived tables were made with, for example the time zone of their days. */
export const deliveryState = pgTable("delivery_state", { key: text("key").primaryKey(), value: text("value").notNull() });

/** The rules of counting; the highest version holds. */
export const deliveryRules = pgTable("delivery_rules", {
  version: integer("version").primaryKey(),
  rules: jsonb("rules").notNull(),
  note: text("note").notNull(),
  createdBy: text("created_by"),
  createdAt: createdAt(),
});

/** What people note on the charts. */
export const deliveryAnnotations = pgTable(
  "delivery_annotations",
  {
    id: id(),
    /** In the organisation's time zone. */
    day: date("day").notNull(),
    note: text("note").notNull(),
    /** Null = of the whole organisation; a division's is shown to its teams as well. */
    teamId: text("team_id"),
    createdBy: text("created_by"),
    createdAt: createdAt(),
  },
  (t) => [index("delivery_annotations_day").on(t.day)],
);

/** Which measures a person sees, and a team by default. */
export const deliveryViews = pgTable("delivery_views", { owner: text("owner").primaryKey(), measures: text("measures").array().notNull(), savedAt: moment("saved_at").notNull() });
