import { z } from "zod";
import { DeploymentRow, Name, Repository, ServiceRef } from "../event-rows";

// Loading a service's past: its commits from git, its deployments from tags, a list or GitHub.

/** Where the commits lie: a repository that Waymark knows, any address that can be cloned, or one at the connected GitHub. */
export const HISTORY_SOURCES = ["known", "address", "github"] as const;
export type HistorySource = (typeof HISTORY_SOURCES)[number];
/** What tells of the deployments. */
export const HISTORY_DEPLOYMENTS = ["tags", "list", "github"] as const;
export type HistoryDeployments = (typeof HISTORY_DEPLOYMENTS)[number];

/** A list longer than this comes in parts. */
export const MAX_LISTED = 5_000;
const MAX_LIST_CHARACTERS = 1_000_000;

export const LoadHistoryInput = z
  .strictObject({
    service: ServiceRef,
    source: z.enum(HISTORY_SOURCES).default("known"),
    /** Of `address`: https, as for `git clone`. */
    address: z.string().trim().max(500).optional(),
    /** Name under which the commits are kept; left out, the service's own repository, or what the address says. */
    repository: Repository.optional(),
    deployments: z.enum(HISTORY_DEPLOYMENTS).default("tags"),
    /** Which tags are deployments: `*` stands for anything, one that begins with `!` leaves out. */
    tags: z.array(z.string().trim().min(1).max(100)).max(20).default(["v*"]),
    /** CSV with a head line, or a JSON array. */
    list: z.string().max(MAX_LIST_CHARACTERS, "At most a million characters at once; load it in parts.").optional(),
    /** Where tags, and rows that name none, were deployed to. */
    environment: Name("environment").default("production"),
    /** Only deployments from this day on. */
    since: z.iso.date("Write a day as 2026-03-02.").optional(),
    /** Only say what would be loaded. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ source, address }) => source !== "address" || Boolean(address), { path: ["address"], message: "Name the address that git would clone from." })
  .refine(({ deployments, list }) => deployments !== "list" || Boolean(list?.trim()), { path: ["list"], message: "Give the deployments as CSV or JSON." });
export type LoadHistoryInput = z.output<typeof LoadHistoryInput>;

/** A row of a list: a deployment as the events API takes it, less what the form says. */
export const ListedDeployment = z.strictObject({
  commit: Name("commit, tag or branch", 200),
  finished_at: DeploymentRow.shape.finished_at,
  started_at: DeploymentRow.shape.started_at.optional(),
  external_id: DeploymentRow.shape.external_id.optional(),
  environment: DeploymentRow.shape.environment.optional(),
  tier: DeploymentRow.shape.tier,
  status: DeploymentRow.shape.status.default("success"),
  release_id: DeploymentRow.shape.release_id,
  remediates: DeploymentRow.shape.remediates,
  flags: DeploymentRow.shape.flags,
});
export type ListedDeployment = z.output<typeof ListedDeployment>;

/** What a run that loads history was asked, and how it ended. */
export interface HistoryRun {
  run: { id: string; status: string; summary: string | null };
  asked: z.input<typeof LoadHistoryInput>;
}
