import { z } from "zod";
import { REPOSITORY_PROVIDERS, type RepositoryProviderName } from "@/lib/repositories/contract";
import { type DryRun, PathName, VersionText } from "./contract-editing";

export * from "./contract-editing";
export * from "./forms/contract";
export * from "./proposals/contract";
export * from "./test-runs/contract";

export const GoldenPath = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version: z.string(),
  owner: z.string(),
  tags: z.array(z.string()),
  /** What a developer must know to use it; the aim is at most seven. */
  concepts: z.array(z.string()),
  memoryMiB: z.number(),
  /** `by-answer`: that depends on what is answered. */
  database: z.enum(["postgres", "none", "by-answer"]),
  /** Median and number of recent succeeded environment creations; null before there are any. */
  usual: z.object({ medianMs: z.number(), n: z.number() }).nullable(),
  /** The same for services. */
  usualService: z.object({ medianMs: z.number(), n: z.number() }).nullable(),
  /** JSON Schema of the questions, page by page. */
  parameters: z.array(z.record(z.string(), z.unknown())),
  /** Whether it makes a service with a repository, or changes something that is there. */
  makes: z.enum(["service", "change"]),
  /** Questions whose answers are secrets: never shown again, never kept in a browser. */
  secretQuestions: z.array(z.string()),
  /** Actions that its steps need and this Waymark does not have: it cannot be used until somebody mends it. */
  missingActions: z.array(z.string()),
  /** Inputs of its steps that have no effect here, in words: known before anybody fills in a form. */
  inputRemarks: z.array(z.object({ step: z.string(), action: z.string(), input: z.string(), message: z.string() })),
  /** Hosts that its publish steps mean, in order. */
  publishesTo: z.array(z.enum(REPOSITORY_PROVIDERS)),
});
export type GoldenPath = z.infer<typeof GoldenPath>;

export const GoldenPathName = z.strictObject({ name: z.string().max(64) });
export const GoldenPathListInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export const MAX_CONCEPTS = 7;

// Services.

const Secrets = z.record(z.string().max(64), z.string().max(16_384)).default({});

export const RunPathInput = z.strictObject({
  name: z.string().max(64),
  version: z.string().max(64).optional(),
  values: z.record(z.string().max(64), z.unknown()).default({}),
  /** Seen by steps as `secrets.<name>`; sealed until the run has ended. */
  secrets: Secrets,
  team: z.string().max(128).optional(),
});

export const CreateServiceInput = z.strictObject({
  goldenPath: z.string({ error: "Name a golden path, for example node-express." }).min(1).max(64),
  version: z.string().max(64).optional(),
  values: z.record(z.string().max(64), z.unknown()).default({}),
  /** Short name or ref; the answer to `owner`, else your only team, when left out. */
  team: z.string().max(128).optional(),
  /** Where the repository goes; as the golden path says when left out. */
  provider: z.enum(REPOSITORY_PROVIDERS).optional(),
  /** Seen by steps as `secrets.<name>`; sealed until the run has ended. */
  secrets: Secrets,
});

/** A service while and after it is made. */
export interface Service {
  name: string;
  entityRef: string;
  goldenPath: { name: string; version: string };
  team: string;
  repository: { id: string; provider: RepositoryProviderName; owner: string; name: string; cloneUrl: string | null; page: string };
}

export const DryRunServiceInput = z.strictObject({
  name: z.string().max(64),
  version: z.string().max(64).optional(),
  values: z.record(z.string().max(64), z.unknown()).default({}),
  team: z.string().max(128).optional(),
  provider: z.enum(REPOSITORY_PROVIDERS).optional(),
});

/** What a service would be: every file with its content, and what would be made of it. Nothing is. */
export interface ServiceDryRun {
  files: DryRun["files"];
  log: DryRun["log"];
  durationMs: number;
  team: string;
  goldenPath: { name: string; version: string };
  /** Null for a path that makes no service. */
  made: { provider: RepositoryProviderName; repository: string; cloneUrl: string | null; entityRef: string } | null;
  /** What would be asked of others, such as GitHub, in order. */
  calls: DryRun["calls"];
  steps: { name: string; action: string /** Left out of a dry run: it reaches outside the files. */; isOutside: boolean }[];
}

// Upgrades and leaving.

const ServiceName = z.string({ error: "Name a service." }).min(1).max(200);
export const ServiceInput = z.strictObject({ service: ServiceName });
export const UpgradeServiceInput = ServiceInput.extend({
  /** The current version unless named. */
  version: VersionText.optional(),
  /** Answers to questions that are new and have no default. */
  values: z.record(z.string().max(64), z.unknown()).default({}),
});
export const UpgradeManyInput = z.strictObject({
  name: PathName,
  /** Refs; every service that is behind when left out. */
  services: z.array(z.string().max(200)).max(1_000).optional(),
});
export const EjectInput = ServiceInput.extend({
  /** Null = the whole path. */
  concern: z.string({ error: "Name one of the path's concerns, or null for the whole path." }).min(1).max(64).nullable(),
  reason: z.string().trim().min(3, "Say in a few words why: it helps to make the path better.").max(500),
});
export const RejoinInput = ServiceInput.extend({ ejection: z.string().max(64) });

/** A service made from a golden path, and how far it is from the current version. */
export interface PathServiceState {
  entityRef: string;
  name: string;
  team: string;
  repository: { owner: string; name: string };
  provider: RepositoryProviderName;
  version: string;
  /** Released versions between; null for a version that was never published. */
  behind: number | null;
  pullRequest: { number: number; url: string; to: string; isDraft: boolean; conflicts: number } | null;
  /** An upgrade is queued or running. */
  isBusy: boolean;
  /** The last upgrade run, when it failed and nothing came after it. */
  failed: { run: string; cause: string } | null;
  ejected: string[];
  /** The whole path was left. */
  hasLeft: boolean;
}

export interface Ejection {
  id: string;
  /** Null = the whole path. */
  concern: string | null;
  files: string[];
  reason: string;
  version: string;
  ejectedBy: string | null;
  ejectedAt: string;
}

export type { DeclaredStepAction, StepActionDefinition } from "./step-actions/definition";
