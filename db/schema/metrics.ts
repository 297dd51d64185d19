import { sql } from "drizzle-orm";
import { boolean, date, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";

// Facts are upserts under the sender's own ids. Everything below the facts is derived from them and can be made again.

export const deliveryDeployments = pgTable(
  "delivery_deployments",
  {
    id: id(),
    service: text("service").notNull(),
    environment: text("environment").notNull(),
    externalId: text("external_id").notNull(),
    tier: text("tier", { enum: ["sandbox", "development", "staging", "production"] }).notNull(),
    status: text("status", { enum: ["success", "failure"] }).notNull(),
    repository: text("repository").notNull(),
    commit: text("commit").notNull(),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at").notNull(),
    releaseId: text("release_id"),
    paths: text("paths").array(),
    /** `external_id` of the deployment that this one repairs. */
    remediates: text("remediates"),
    flags: text("flags").array().notNull().default(sql`'{}'`),
    /** The owner when the deployment was first reported: a later move of the service does not rewrite the past. */
    teamId: text("team_id"),
    /** Who told us: `platform`, `api`, `github`, `events`, `demo`. */
    source: text("source").notNull(),
    isDemo: boolean("is_demo").notNull().default(false),
    receivedAt: moment("received_at").notNull(),
    // Derived, only for production:
    /** In the organisation's time zone. */
    day: date("day"),
    kind: text("kind", { enum: ["baseline", "forward", "rollback", "redeploy"] }),
    attribution: text("attribution", { enum: ["complete", "partial", "commits-unknown", "unrelated", "too-many"] }),
    changes: integer("changes").notNull().default(0),
    /** Changes by bots, which are not among `changes` unless the rules say so. */
    botChanges: integer("bot_changes").notNull().default(0),
    previousCommit: text("previous_commit"),
    isRework: boolean("is_rework").notNull().default(false),
    causedFailure: boolean("caused_failure").notNull().default(false),
    recoveredAt: moment("recovered_at"),
  },
  (t) => [
    uniqueIndex("delivery_deployments_external").on(t.service, t.environment, t.externalId),
    index("delivery_deployments_service").on(t.service, t.isDemo, t.finishedAt),
    index("delivery_deployments_team").on(t.isDemo, t.teamId, t.finishedAt).where(sql`tier = 'production'`),
    index("delivery_deployments_recent").on(t.isDemo, t.finishedAt).where(sql`tier = 'production'`),
    // Covers the reading of recovery times, which looks at no row.
    index("delivery_deployments_failures").on(t.isDemo, t.day, t.teamId, t.service, t.finishedAt, t.recoveredAt).where(sql`caused_failure and tier = 'production'`),
    index("delivery_deployments_unowned").on(t.service).where(sql`team_id is null`),
  ],
);

export const deliveryCommits = pgTable(
  "delivery_commits",
  {
    /** `owner/name`, lower case. */
    repository: text("repository").notNull(),
    sha: text("sha").notNull(),
    parents: text("parents").array().notNull(),
    /** False where a push told the order of its commits but not their parents. */
    parentsReported: boolean("parents_reported").notNull().default(true),
    service: text("service"),
    authoredAt: moment("authored_at").notNull(),
    committedAt: moment("committed_at").notNull(),
    author: text("author").notNull(),
    subject: text("subject").notNull(),
    paths: text("paths").array(),
    /** What it says of itself, by the signals of the rules of that version. */
    ai: text("ai", { enum: ["authored", "assisted"] }),
    aiVersion: integer("ai_version"),
    isDemo: boolean("is_demo").notNull().default(false),
    receivedAt: moment("received_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.repository, t.sha] }), index("delivery_commits_recent").on(t.repository, t.committedAt)],
);

export const deliveryPullRequests = pgTable(
  "delivery_pull_requests",
  {
    repository: text("repository").notNull(),
    number: integer("number").notNull(),
    title: text("title").notNull(),
    state: text("state", { enum: ["open", "closed", "merged"] }).notNull(),
    author: text("author").notNull(),
    openedAt: moment("opened_at").notNull(),
    mergedAt: moment("merged_at"),
    closedAt: moment("closed_at"),
    mergeCommit: text("merge_commit"),
    /** When the oldest commit of a squash-merged pull request was authored. */
    firstAuthoredAt: moment("first_authored_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    receivedAt: moment("received_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.repository, t.number] }), index("delivery_pull_requests_merge").on(t.repository, t.mergeCommit)],
);

export const incidents = pgTable(
  "incidents",
  {
    id: id(),
    service: text("service").notNull(),
    externalId: text("external_id").notNull(),
    title: text("title").notNull(),
    severity: text("severity", { enum: ["critical", "high", "medium", "low"] }).notNull(),
    environment: text("environment"),
    openedAt: moment("opened_at").notNull(),
    resolvedAt: moment("resolved_at"),
    /** Named by the sender: `external_id` or id of a deployment. */
    causedBy: text("caused_by"),
    declaredBy: text("declared_by"),
    resolvedBy: text("resolved_by"),
    teamId: text("team_id"),
    source: text("source").notNull(),
    isDemo: boolean("is_demo").notNull().default(false),
    receivedAt: moment("received_at").notNull(),
    // Derived:
    deploymentId: text("deployment_id"),
    link: text("link", { enum: ["explicit", "window", "none"] })
      .notNull()
      .default("none"),
  },
  (t) => [uniqueIndex("incidents_external").on(t.service, t.externalId), index("incidents_service").on(t.service, t.isDemo, t.openedAt)],
);

/** What a service has had in production, commit by commit; the counted rows are the changes behind lead time. */
export const deliveryChanges = pgTable(
  "delivery_changes",
  {
    service: text("service").notNull(),
    isDemo: boolean("is_demo").notNull(),
    repository: text("repository").notNull(),
    sha: text("sha").notNull(),
    deploymentId: text("deployment_id").notNull(),
    /** The merge on the deployed line that it came in by: tells its pull request. Null for commits of the line itself. */
    mergedBy: text("merged_by"),
    deployedAt: moment("deployed_at").notNull(),
    counted: boolean("counted").notNull(),
    /** Why it does not count. */
    leftOut: text("left_out", { enum: ["baseline", "unknown", "merge", "paths", "bot"] }),
    teamId: text("team_id"),
    day: date("day").notNull(),
    leadSeconds: integer("lead_seconds").notNull(),
    /** Before negative ones are set to 0. */
    rawLeadSeconds: integer("raw_lead_seconds").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.service, t.isDemo, t.repository, t.sha] }),
    index("delivery_changes_deployment").on(t.deploymentId),
    index("delivery_changes_service").on(t.service, t.isDemo, t.day, t.leadSeconds).where(sql`counted`),
    index("delivery_changes_team").on(t.isDemo, t.teamId, t.day, t.leadSeconds).where(sql`counted`),
    index("delivery_changes_day").on(t.isDemo, t.day, t.teamId, t.leadSeconds).where(sql`counted`),
  ],
);

/** Commits that a deployment needs and nobody has sent; their arrival makes the service be worked out again. */
export const deliveryMissing = pgTable(
  "delivery_missing",
  {
    service: text("service").notNull(),
    isDemo: boolean("is_demo").notNull(),
    repository: text("repository").notNull(),
    sha: text("sha").notNull(),
    deploymentId: text("deployment_id").notNull(),
    deployedAt: moment("deployed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.service, t.isDemo, t.repository, t.sha] }), index("delivery_missing_sha").on(t.repository, t.sha)],
);

export const webhookSources = pgTable("webhook_sources", {
  id: id(),
  name: text("name").notNull().unique(),
  type: text("type", { enum: ["github", "pagerduty", "alertmanager", "grafana", "argocd"] }).notNull(),
  secretSealed: text("secret_sealed").notNull(),
  /** Still accepted until then, so that a secret can be changed without losing deliveries. */
  previousSecretSealed: text("previous_secret_sealed"),
  previousUntil: moment("previous_until"),
  isEnabled: boolean("is_enabled").notNull().default(true),
  createdBy: text("created_by"),
  createdAt: createdAt(),
});

/** Deliveries as they came: stored first, worked on after. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: id(),
    type: text("type").notNull(),
    /** The sender's id of the delivery. */
    deliveryKey: text("delivery_key").notNull(),
    sourceId: text("source_id"),
    event: text("event").notNull(),
    /** Who sent it, where a person's token did and no signature. */
    sentBy: text("sent_by"),
    /** What else the log is searched by: an artifact. */
    about: text("about"),
    body: text("body").notNull(),
    receivedAt: moment("received_at").notNull(),
    repeats: integer("repeats").notNull().default(0),
    status: text("status", { enum: ["received", "processed", "ignored", "failed"] }).notNull(),
    result: text("result"),
    processedAt: moment("processed_at"),
  },
  (t) => [
    uniqueIndex("webhook_deliveries_key").on(t.type, t.deliveryKey),
    index("webhook_deliveries_recent").on(t.receivedAt),
    index("webhook_deliveries_about").on(t.about).where(sql`about is not null`),
  ],
);
