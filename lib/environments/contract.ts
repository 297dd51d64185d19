import { z } from "zod";

export const ENVIRONMENT_STATUSES = ["queued", "provisioning", "ready", "failed", "deleting", "deleted", "leaked"] as const;
export type EnvironmentStatus = (typeof ENVIRONMENT_STATUSES)[number];

/** Becomes a host name and a part of Postgres names, hence the narrow alphabet. */
export const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
const NAME_HELP = "Use 2 to 40 characters: lower-case letters, digits and hyphens, beginning with a letter, not ending with a hyphen.";

export const EnvironmentName = z.string({ error: NAME_HELP }).regex(ENVIRONMENT_NAME, NAME_HELP);

export const TIERS = ["sandbox", "development", "staging", "production"] as const;
export type Tier = (typeof TIERS)[number];
/** The permanent ones, in the order in which a commit goes through them. */
export const STAGES = ["development", "staging", "production"] as const;
export type StageTier = (typeof STAGES)[number];

export const Isolation = z.object({
  level: z.enum(["bubblewrap", "own-user", "process", "container", "cluster"]),
  network: z.enum(["own", "shared"]),
  limits: z.enum(["cgroup-v2", "cgroup-v1", "none"]),
  gaps: z.array(z.string()),
});

export const Health = z.object({
  state: z.enum(["healthy", "degraded", "unhealthy", "unknown"]),
  checkedAt: z.string().nullable(),
  reason: z.string().optional(),
});

export const Environment = z.object({
  id: z.string(),
  name: z.string(),
  lifetime: z.enum(["ephemeral", "permanent"]),
  tier: z.enum(TIERS),
  status: z.enum(ENVIRONMENT_STATUSES),
  statusReason: z.string().nullable(),
  goldenPath: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** The trial of unpublished files of a golden path that it was made for. */
  testOf: z.object({ id: z.string(), goldenPath: z.string(), source: z.enum(["draft", "proposal", "files"]), revision: z.number().int().nullable() }).nullable(),
  entityRef: z.string().nullable(),
  /** The branch, tag or commit that was asked for last; null without a repository. */
  ref: z.string().nullable(),
  owner: z.string(),
  ownerName: z.string(),
  team: z.string(),
  driver: z.string(),
  isolation: Isolation.nullable(),
  url: z.string().nullable(),
  health: Health,
  memoryMiB: z.number().int(),
  /** As it was asked for, for example `48h`; null for a permanent one. */
  ttl: z.string().nullable(),
  createdAt: z.string(),
  readyAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  keptUntil: z.string().nullable(),
  deletedAt: z.string().nullable(),
  commit: z.string().nullable(),
  provisioning: z.object({ totalMs: z.number(), phases: z.array(z.object({ name: z.string(), ms: z.number() })) }).nullable(),
  drift: z.string().nullable(),
  isDemo: z.boolean(),
});
export type Environment = z.infer<typeof Environment>;

const Ref = z
  .string({ error: "Name a branch, tag or commit, for example main." })
  .trim()
  .min(1, "Name a branch, tag or commit, for example main.")
  .max(255, "A ref has at most 255 characters.");
const EntityRef = z.string().trim().toLowerCase().max(256);

/** Either `goldenPath` (a sandbox rendered from it) or `entityRef` (an environment of a service, from its repository). */
export const CreateEnvironmentInput = z.strictObject({
  goldenPath: z.string({ error: "Name a golden path, for example node-express." }).min(1).max(64).optional(),
  version: z.string().max(32).optional(),
  name: EnvironmentName.optional(),
  /** `<n>m|h|d`; the platform's default when left out. Only for sandboxes: permanent environments do not expire. */
  ttl: z.string().max(32).optional(),
  /** Team name or ref; your only team when left out. An environment of a service belongs to the service's team. */
  team: z.string().max(128).optional(),
  driver: z.string().max(32).optional(),
  values: z.record(z.string().max(64), z.unknown()).optional(),
  /** The service, for example `component:default/checkout-api`. */
  entityRef: EntityRef.optional(),
  /** Branch, tag or commit; the repository's default branch when left out. */
  ref: Ref.optional(),
  tier: z.enum(TIERS, { error: `Choose one of ${TIERS.join(", ")}.` }).optional(),
});

export const DEPLOYMENT_KINDS = ["deploy", "rollback", "promotion"] as const;
export const DEPLOYMENT_STATUSES = ["waiting", "running", "succeeded", "failed", "cancelled", "superseded"] as const;

export const Deployment = z.object({
  id: z.string(),
  environmentId: z.string(),
  environment: z.string(),
  tier: z.enum(TIERS),
  entityRef: z.string().nullable(),
  kind: z.enum(DEPLOYMENT_KINDS),
  /** `waiting`: pushed while another one was under way; `superseded`: a newer push came before its turn. */
  status: z.enum(DEPLOYMENT_STATUSES),
  ref: z.string(),
  commit: z.string(),
  subject: z.string().nullable(),
  /** What ran before. */
  previousCommit: z.string().nullable(),
  promotedFrom: z.string().nullable(),
  /** Null: the platform, for a push by nobody it knows. */
  requestedBy: z.object({ handle: z.string(), name: z.string() }).nullable(),
  runId: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  isDemo: z.boolean(),
});
export type Deployment = z.infer<typeof Deployment>;

const page = { limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().max(200).optional() };

export const DeploymentListInput = z.strictObject({ id: z.string().max(64), ...page });

export const ServiceEnvironmentsInput = z.strictObject({ entityRef: EntityRef });

const ONE_OF = "Say what to deploy: a ref, rollback: true, or promoteFrom with the id of an environment.";

export const DeployInput = z
  .strictObject({
    id: z.string().max(64),
    ref: Ref.optional(),
    rollback: z.literal(true, { error: "rollback can only be true." }).optional(),
    promoteFrom: z.string().max(64).optional(),
  })
  .superRefine((input, refine) => {
    const named = (["ref", "rollback", "promoteFrom"] as const).filter((name) => input[name] !== undefined);
    if (named.length === 0) refine.addIssue({ code: "custom", path: ["ref"], message: ONE_OF });
    if (named.length > 1) refine.addIssue({ code: "custom", path: [named[1] ?? "ref"], message: `${ONE_OF} Only one of them.` });
  });

export const ServiceDeploymentsInput = z.strictObject({ entityRef: EntityRef, tier: z.enum(TIERS).optional(), status: z.enum(DEPLOYMENT_STATUSES).optional(), ...page });

export const EnvironmentId = z.strictObject({ id: z.string().max(64) });

export const CheckTelemetryInput = z.strictObject({
  id: z.string().max(64),
  /** `1` or `true`: send the receiver a test as the environment would. */
  test: z.preprocess((value) => value === true || value === "1" || value === "true", z.boolean()),
});

export const ExtendEnvironmentInput = z.strictObject({
  id: z.string().max(64),
  /** From now on, not added to what is left. */
  ttl: z.string({ error: "Say for how long from now on, for example 24h." }).max(32),
});

export const ENVIRONMENT_SCOPES = ["mine", "team", "all"] as const;

export const EnvironmentListInput = z.strictObject({
  scope: z.enum(ENVIRONMENT_SCOPES).optional(),
  status: z.enum(ENVIRONMENT_STATUSES).optional(),
  /** Deleted ones are left out unless asked for by status. */
  goldenPath: z.string().max(64).optional(),
  team: z.string().max(128).optional(),
  q: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

export const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;

export const EditVariablesInput = z.strictObject({
  id: z.string().max(64),
  variables: z
    .array(
      z.strictObject({
        name: z.string().regex(VARIABLE_NAME, "Use capital letters, digits and underscores, beginning with a letter: for example LOG_LEVEL."),
        /** Left out for a secret one = keep what is stored. */
        value: z.string().max(8192, "A value can have at most 8,192 characters.").optional(),
        secret: z.boolean().default(false),
      }),
    )
    .max(100, "At most 100 variables."),
});

export interface EnvironmentVariable {
  name: string;
  /** Null for a secret: it can be replaced, not read. */
  value: string | null;
  secret: boolean;
  source: "platform" | "team" | "golden-path";
  description: string | null;
  updatedAt: string | null;
}

export interface Receipt {
  environmentId: string;
  name: string;
  completedAt: string;
  items: { kind: string; name: string; verified: string; removedAt: string }[];
}

export interface Quota {
  team: string;
  count: { used: number; limit: number };
  memoryMiB: { used: number; limit: number };
}

export interface TrafficPoint {
  minute: string;
  requests: number;
  errors: number;
  /** Null when there were no requests. */
  p95Ms: number | null;
}

export const LogsInput = z.strictObject({
  id: z.string().max(64),
  after: z.coerce.number().int().min(0).optional(),
  tail: z.coerce.number().int().min(1).max(5000).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});

export const CommitChoiceInput = z.strictObject({ entityRef: EntityRef, ref: Ref });

/** What a ref means now. */
export interface CommitChoice {
  ref: string;
  commit: string;
  subject: string;
  author: string;
  authoredAt: string;
}

export interface DeployChoices {
  defaultBranch: string;
  branches: string[];
  /** The newest commits of the default branch. */
  recent: { commit: string; subject: string }[];
}

/** How a stage is doing, from the requests of the last five minutes at its address. */
export interface StageTraffic {
  requestsPerMinute: number;
  /** 0–1; null without requests. */
  errorShare: number | null;
  p95Ms: number | null;
}

export interface Stage {
  tier: StageTier;
  environment: Environment | null;
  /** What serves: the newest deployment that succeeded. */
  serving: Deployment | null;
  /** The newest deployment when it is not the one that serves: under way, waiting, or failed. */
  newest: Deployment | null;
  /** What one click would roll back to. */
  previous: { commit: string; subject: string | null } | null;
  /** Against the next stage; null where that cannot be said. */
  compared: { ahead: number; behind: number } | null;
  traffic: StageTraffic | null;
}

export interface ServiceEnvironments {
  entityRef: string;
  /** Null: nothing can be deployed. */
  repository: { owner: string; name: string; defaultBranch: string; webUrl: string } | null;
  /** Whose the environments are; for asking what the reader may do. */
  teamId: string | null;
  stages: Stage[];
  /** Those of teams that the reader may see. */
  sandboxes: Environment[];
}

/** What a driver keeps on disk for environments to come. */
export interface KeptStorage {
  driver: string;
  title: string;
  kept: { kind: "packages" | "build"; bytes: number; lastUsedAt: string; isInUse: boolean }[];
  freeBytes: number;
  totalBytes: number;
}
