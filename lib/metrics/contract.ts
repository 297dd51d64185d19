import { z } from "zod";
import type { Annotation } from "./annotations/contract";
import { MEASURES, type MeasureName, type MetricName } from "./definitions";
import { DATA_KINDS, type DataKind, Moment, Name, Repository, SEVERITIES, ServiceRef, type Severity, TIERS, type Tier } from "./event-rows";
import type { Rules } from "./rules-shape";

export * from "./ai/contract";
export * from "./annotations/contract";
export * from "./definitions";
export * from "./event-rows";
export * from "./history/contract";
export * from "./report/contract";
export { DEFAULT_RULES, Rules } from "./rules-shape";
export * from "./webhooks/contract";

export const METRIC_GRAINS = ["day", "week", "month"] as const;
export type MetricGrain = (typeof METRIC_GRAINS)[number];

/** A part of the organisation: `org`, a team or division (`group:default/checkout`), or a service (`component:default/checkout-api`). */
export const NodeInput = z.string().trim().min(1, "Name a node: org, a team or a service.").max(200);

export const MetricInput = z.strictObject({
  metric: z.string().max(60),
  node: NodeInput.default("org"),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  grain: z.enum(METRIC_GRAINS).default("week"),
  /** Left out: live where there are live production deployments, else the demo's. */
  data: z.enum(DATA_KINDS).optional(),
});

export interface MetricPoint {
  from: string;
  to: string;
  /** Reaches beyond the window or beyond now. */
  partial: boolean;
  /** Null where there is nothing to say: a gap, not a zero. */
  value: number | null;
  n: number;
  count?: number;
  median?: number | null;
  p75?: number | null;
  p90?: number | null;
  deploymentDays?: number;
  failedAttempts?: number;
  /** Deployments of the bucket that repaired. */
  rework?: number;
  /** 95 % interval of the value. */
  low?: number | null;
  high?: number | null;
  /** Why there is no value. */
  insufficient?: string;
}

export interface MetricSummary {
  value: number | null;
  n: number;
  count?: number;
  median?: number | null;
  p75?: number | null;
  p90?: number | null;
  /** 95 % interval of the value. */
  low?: number | null;
  high?: number | null;
  deploymentDays?: number;
  failedAttempts?: number;
  /** Days that a rate is taken over, and the first day with a production deployment where that is shorter than the window. */
  days?: number;
  since?: string;
  /** What does not count, by reason. */
  leftOut?: { what: string; n: number }[];
  /** How often an objective was kept, and the share of its error budget that is left. */
  objective?: { seconds: number; share: number; days: number; kept: number; of: number; budgetLeft: number | null };
  /** Adoption by what is adopted; `of` is null where the whole is not known. */
  parts?: { what: string; through: number; of: number | null }[];
  /** Environments, deployments, services and action runs that people began here, by the door they came through. */
  doors?: { door: "browser" | "command-line" | "api" | "mcp"; n: number }[];
  /** True where percentiles come from a histogram (off by 2.5 % at most). */
  approximate?: boolean;
  previous?: { value: number | null; n: number; from: string; to: string };
  verdict?: "better" | "worse" | "within-chance";
  /** The missing link, in words. */
  insufficient?: string;
}

export interface Metric {
  metric: string;
  unit: string;
  node: string;
  data: DataKind;
  grain: MetricGrain;
  window: { from: string; to: string; timeZone: string };
  summary: MetricSummary;
  series: MetricPoint[];
  /** The formula in words. */
  definition: string;
}

export interface RecentDeployment {
  id: string;
  externalId: string;
  environment: string;
  commit: string;
  subject: string | null;
  repository: string;
  status: "success" | "failure";
  kind: "baseline" | "forward" | "rollback" | "redeploy" | null;
  startedAt: string;
  finishedAt: string;
  changes: number;
  causedFailure: boolean;
}

const limit = z.coerce.number().int().min(1).max(200).default(50);
const cursor = z.string().max(200).optional();

export const DeploymentListInput = z.strictObject({
  service: ServiceRef.optional(),
  environment: z.string().max(100).optional(),
  tier: z.enum(TIERS).optional(),
  status: z.enum(["success", "failure"]).optional(),
  data: z.enum(DATA_KINDS).optional(),
  limit,
  cursor,
});
export const CommitListInput = z.strictObject({ repository: Repository.optional(), service: ServiceRef.optional(), data: z.enum(DATA_KINDS).optional(), limit, cursor });
export const PullRequestListInput = z.strictObject({ repository: Repository.optional(), data: z.enum(DATA_KINDS).optional(), limit, cursor });
export const IncidentListInput = z.strictObject({
  service: ServiceRef.optional(),
  state: z.enum(["open", "resolved"]).optional(),
  data: z.enum(DATA_KINDS).optional(),
  limit,
  cursor,
});

export const DeclareIncidentInput = z.strictObject({
  service: ServiceRef,
  title: Name("incident in a few words", 200),
  severity: z.enum(SEVERITIES, { error: `Choose one of ${SEVERITIES.join(", ")}.` }),
  environment: z.string().trim().max(100).optional(),
  /** Now when left out. */
  openedAt: Moment.optional(),
  /** Id or external id of the deployment that caused it. */
  causedBy: z.string().trim().max(200).optional(),
});
export const IncidentId = z.strictObject({ id: z.string().max(64) });
export const ResolveIncidentInput = IncidentId.extend({ resolvedAt: Moment.optional() });
/** Null: worked out from the time again. */
export const LinkIncidentInput = IncidentId.extend({ causedBy: z.string().trim().min(1, "Name a deployment.").max(200).nullable() });

export interface Incident {
  id: string;
  external_id: string;
  service: string;
  title: string;
  severity: Severity;
  environment: string | null;
  opened_at: string;
  resolved_at: string | null;
  caused_by: string | null;
  /** The production deployment it is put down to, and how that was found. */
  deployment_id: string | null;
  link: "explicit" | "window" | "none";
  declaredBy: string | null;
  resolvedBy: string | null;
  source: string;
  isDemo: boolean;
}

export const ROW_SORTS = ["longest", "newest"] as const;
export const MetricRowsInput = MetricInput.omit({ grain: true }).extend({
  sort: z.enum(ROW_SORTS).default("longest"),
  limit,
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

/** A change behind lead time: a commit at its first production deployment. */
export interface ChangeRow {
  sha: string;
  repository: string;
  subject: string | null;
  service: string;
  authoredAt: string;
  deployedAt: string;
  deploymentId: string;
  leadSeconds: number;
  /** The commit's page, where the repository is known here. */
  href: string | null;
  /** Its times contradict each other; counted as 0. */
  clockSkew: boolean;
}

export interface DeploymentLine extends RecentDeployment {
  service: string;
  /** Who told of it; `platform` is Waymark itself. */
  source: string;
  isRework: boolean;
  /** The commit's page, where the repository is known here. */
  href: string | null;
}

export interface MetricRows {
  metric: string;
  data: DataKind;
  changes: ChangeRow[];
  deployments: DeploymentLine[];
  environments: ProvisionedRow[];
  total: number;
  /** Why the rows are not told: they would be about a person. */
  withheld?: string;
}

/** An environment behind provisioning time. */
export interface ProvisionedRow {
  id: string;
  name: string;
  tier: Tier;
  goldenPath: string | null;
  status: string;
  requestedAt: string;
  /** Null while it is not usable, or never became so. */
  seconds: number | null;
  phases: { name: string; ms: number }[];
}

export interface DeliveryNode {
  ref: string;
  title: string;
  /** 0 = organisation, 1 = division or team without one, 2 = team of a division. */
  depth: number;
}

export interface DeliveryScope {
  groups: DeliveryNode[];
  /** The group to begin with: a manager's division, an engineer's team, else the organisation. */
  home: string;
}

export interface DeliveryService {
  ref: string;
  name: string;
  deployments: number;
}

export interface DeliveryDeployment {
  id: string;
  external_id: string;
  service: string;
  environment: string;
  tier: Tier;
  status: "success" | "failure";
  repository: string;
  commit: string;
  subject: string | null;
  href: string | null;
  previousCommit: string | null;
  startedAt: string;
  finishedAt: string;
  kind: RecentDeployment["kind"];
  attribution: "complete" | "partial" | "commits-unknown" | "unrelated" | "too-many" | null;
  /** Hashes that nobody has sent. */
  missing: string[];
  isRework: boolean;
  causedFailure: boolean;
  recoveredAt: string | null;
  flags: string[];
  source: string;
  isDemo: boolean;
  changes: ChangeRow[];
  /** Why the changes are not told: they would be about a person. */
  withheld?: string;
  incidents: Incident[];
}

export const SPANS = ["3m", "6m", "12m"] as const;
export type Span = (typeof SPANS)[number];

export const DashboardInput = z.strictObject({
  node: NodeInput,
  span: z.enum(SPANS).default("12m"),
  grain: z.enum(METRIC_GRAINS).default("week"),
  data: z.enum(DATA_KINDS).optional(),
  /** Further measures; left out: those that the person, else the group, has chosen. */
  measures: z.array(z.enum(MEASURES)).max(MEASURES.length).optional(),
});

/** `team` is the group whose default it becomes; left out, it is one's own choice. */
export const SetMeasuresInput = z.strictObject({ measures: z.array(z.enum(MEASURES)).max(MEASURES.length), team: z.string().max(200).optional() });

/** What the delivery page and a service's delivery tab show. */
export interface Dashboard {
  node: { ref: string; title: string; type: "org" | "team" | "service"; teamId: string | null; children: string[] };
  data: DataKind;
  /** The demo company's history is there to be looked at as well. */
  hasDemo: boolean;
  leadTime: Metric;
  frequency: Metric;
  /** The further measures that were chosen; that of the survey is read by the page. */
  more: Metric[];
  measures: MeasureName[];
  /** Whose choice that is. */
  chosenBy: "address" | "person" | "team" | "nobody";
  services: DeliveryService[];
  /** What happened in the window, the latest first. */
  annotations: Annotation[];
  /** End of the latest production deployment. */
  until: string | null;
}

export interface HealthFinding {
  rule: "no-production" | "silent" | "commits-unknown" | "short-hash" | "clock" | "unlinked-incident" | "no-tier" | "no-owner";
  what: string;
  fix: string;
}

/** What the figures of a service lack. */
export interface ServiceHealth {
  service: string;
  /** Who tells of its deployments. */
  sources: string[];
  lastAt: string;
  findings: HealthFinding[];
}

export interface RulesView {
  version: number;
  rules: Rules;
  history: { version: number; note: string; createdAt: string; by: string | null }[];
}

/** The organisation's figures by the rules that hold and by others. */
export interface RulesPreview {
  /** Services that were worked out, of those concerned. */
  services: number;
  of: number;
  figures: { metric: MetricName; unit: string; value: number | null; n: number; changed: { value: number | null; n: number } }[];
}

/** A month of a group on one page; every figure is the one that the metric's own address gives for the same window. */
export interface DeliveryReport {
  node: { ref: string; title: string };
  data: DataKind;
  /** `2026-03` */
  month: string;
  /** In progress: the figures reach up to today. */
  isPartial: boolean;
  /** The five of DORA, then adoption and provisioning. */
  metrics: Metric[];
  /** Lead time and frequency month by month, twelve up to this one. */
  year: { leadTime: Metric; frequency: Metric };
  annotations: Annotation[];
  /** Services with something missing, of those with deployments. */
  lacking: { services: number; of: number };
  madeAt: string;
}
