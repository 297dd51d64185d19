import { z } from "zod";

// What is sent in: one row per fact, as the outside contract names its fields.

export const TIERS = ["sandbox", "development", "staging", "production"] as const;
export type Tier = (typeof TIERS)[number];
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];
export const DATA_KINDS = ["live", "demo"] as const;
export type DataKind = (typeof DATA_KINDS)[number];

const MOMENT_HELP = "Write a time as ISO 8601, for example 2026-03-02T08:00:00Z.";
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
export const Moment = z.iso
  .datetime({ offset: true, error: MOMENT_HELP })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= EARLIEST && at.getTime() < LATEST, "The time is before the year 2000 or far in the future. Check it.");

const CLOCK_SKEW_MS = 24 * 3_600_000;
/** True for a moment that lies in the future by more than a wrong time zone explains. */
export const isAhead = (at: Date | null | undefined, now: Date): boolean => (at?.getTime() ?? 0) > now.getTime() + CLOCK_SKEW_MS;

const REF_HELP = "Write the service as kind:namespace/name, for example component:default/checkout-api.";
const REF = /^[a-z][a-z0-9]*:[a-z0-9]([a-z0-9._-]*[a-z0-9])?\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;
/** A reference to a service; a bare name means `component:default/<name>`. */
export const ServiceRef = z
  .string({ error: REF_HELP })
  .trim()
  .min(1, REF_HELP)
  .max(200, REF_HELP)
  .transform((text) => text.toLowerCase())
  .transform((text) => (text.includes("/") ? text : `default/${text}`))
  .transform((text) => (text.includes(":") ? text : `component:${text}`))
  .refine((ref) => REF.test(ref), REF_HELP);

const SHA_HELP = "Write the commit as its git hash: 7 to 64 characters 0-9 and a-f.";
const Sha = z
  .string({ error: SHA_HELP })
  .regex(/^[0-9a-f]{7,64}$/i, SHA_HELP)
  .transform((sha) => sha.toLowerCase());

const REPOSITORY_HELP = "Write the repository as owner/name or its address.";
export const Repository = z
  .string({ error: REPOSITORY_HELP })
  .trim()
  .max(300, REPOSITORY_HELP)
  .transform((text) =>
    text
      .toLowerCase()
      .replace(/\.git$/, "")
      .replace(/^https?:\/\/[^/]+\/(git\/)?/, "")
      .replace(/^(ssh:\/\/)?git@[^:/]+[:/]/, ""),
  )
  .refine((text) => /^[a-z0-9._-]+(\/[a-z0-9._-]+)+$/.test(text) && !text.split("/").some((part) => /^\.+$/.test(part)), REPOSITORY_HELP);

export const Name = (what: string, max = 100) =>
  z
    .string({ error: `Name the ${what}.` })
    .trim()
    .min(1, `Name the ${what}.`)
    .max(max, `At most ${max} characters.`);
const ExternalId = Name("id that this has in your system", 200);
const Paths = z.array(z.string().max(1_000)).max(3_000);

export const DeploymentRow = z
  .strictObject({
    external_id: ExternalId,
    service: ServiceRef,
    environment: Name("environment"),
    tier: z.enum(TIERS).optional(),
    status: z.enum(["success", "failure"], { error: "Write success or failure." }),
    commit: Sha,
    repository: Repository,
    started_at: Moment,
    finished_at: Moment,
    release_id: z.string().max(200).optional(),
    paths: Paths.optional(),
    remediates: z.string().max(200).optional(),
    flags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
  })
  .refine((row) => !(row.finished_at < row.started_at), { path: ["finished_at"], message: "It ends before it starts. Check both times." });
export type DeploymentRow = z.output<typeof DeploymentRow>;

export const CommitRow = z.strictObject({
  sha: Sha,
  parents: z.array(Sha, { error: "List the parents' hashes; an empty list for the first commit." }).max(64),
  repository: Repository,
  service: ServiceRef.optional(),
  authored_at: Moment,
  committed_at: Moment,
  author: z.string({ error: "Name the author." }).trim().min(1, "Name the author.").max(300),
  message: z.string().max(100_000).optional(),
  paths: Paths.optional(),
});
export type CommitRow = z.output<typeof CommitRow>;

export const PullRequestRow = z.strictObject({
  repository: Repository,
  number: z.number({ error: "Write the number of the pull request." }).int().min(1).max(2_000_000_000),
  title: Name("title", 500),
  state: z.enum(["open", "closed", "merged"], { error: "Write open, closed or merged." }),
  author: z.string({ error: "Name the author." }).trim().min(1).max(300),
  opened_at: Moment,
  merged_at: Moment.optional(),
  closed_at: Moment.optional(),
  merge_commit: Sha.optional(),
  first_authored_at: Moment.optional(),
});
export type PullRequestRow = z.output<typeof PullRequestRow>;

export const IncidentRow = z
  .strictObject({
    external_id: ExternalId,
    service: ServiceRef,
    title: Name("incident", 200).optional(),
    environment: Name("environment").optional(),
    severity: z.enum(SEVERITIES, { error: `Write one of ${SEVERITIES.join(", ")}.` }),
    opened_at: Moment,
    resolved_at: Moment.nullable().optional(),
    caused_by: z.string().max(200).optional(),
  })
  .refine((row) => !row.resolved_at || !(row.resolved_at < row.opened_at), { path: ["resolved_at"], message: "It is resolved before it was opened. Check both times." });
export type IncidentRow = z.output<typeof IncidentRow>;

/** A delivery of one document or many, all kept or none. */
export const MAX_ROWS = 2_000;
export const rowsOf = <T extends z.ZodType>(row: T) =>
  z.strictObject({ items: z.array(row).min(1, "Send at least one row.").max(MAX_ROWS, `Send at most ${MAX_ROWS} rows at once.`) });
