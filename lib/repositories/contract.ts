import { z } from "zod";
import { HOST_KINDS, HOST_WORDS } from "@/lib/hosts/contract";

export const REPOSITORY_PROVIDERS = ["waymark", "github", ...HOST_KINDS] as const;
export type RepositoryProviderName = (typeof REPOSITORY_PROVIDERS)[number];

const CHANGES = { github: "pull", gitlab: "-/merge_requests", gitea: "pulls", bitbucket: "pull-requests", azure: "pullrequest" };

/** The page of a pull or merge request elsewhere. */
export const changeUrl = (provider: Exclude<RepositoryProviderName, "waymark">, webUrl: string, number: number): string => `${webUrl}/${CHANGES[provider]}/${number}`;

/** Where a repository lives, in words. */
export const providerTitle = (provider: RepositoryProviderName): string =>
  provider === "waymark" ? "Waymark's git server" : provider === "github" ? "GitHub" : HOST_WORDS[provider].title;

export const Repository = z.object({
  id: z.string(),
  owner: z.string(),
  name: z.string(),
  description: z.string(),
  provider: z.enum(REPOSITORY_PROVIDERS),
  status: z.enum(["creating", "ready", "archived"]),
  defaultBranch: z.string(),
  cloneUrl: z.string(),
  webUrl: z.string(),
  teamId: z.string(),
  entityRef: z.string().nullable(),
  goldenPath: z.object({ name: z.string(), version: z.string() }).nullable(),
  isDemo: z.boolean(),
  createdAt: z.string(),
});
export type Repository = z.infer<typeof Repository>;

export const RepositoryName = z.strictObject({ owner: z.string().max(100), name: z.string().max(100) });
export const RepositoryListInput = z.strictObject({
  q: z.string().max(100).optional(),
  owner: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

/** `at`: branch or tag, slashes included, and then the path; the longest branch or tag that fits is taken. */
export const TreeInput = RepositoryName.extend({ at: z.string().max(2_000).default("") });
export const CommitsInput = RepositoryName.extend({ ref: z.string().max(255).optional(), page: z.coerce.number().int().min(1).max(10_000).default(1) });
export const CommitInput = RepositoryName.extend({ sha: z.string().max(40) });

export interface TreeItem {
  name: string;
  path: string;
  type: "file" | "folder" | "link" | "submodule";
  size: number | null;
}

export interface CommitLine {
  sha: string;
  subject: string;
  author: string;
  authoredAt: string;
  /** The person of the platform who pushed it, where known. */
  pushedBy: string | null;
}

export interface ChangedFile {
  path: string;
  status: "added" | "deleted" | "changed";
  added: number;
  removed: number;
  isBinary: boolean;
  text: string | null;
}

export const COMMITS_PER_PAGE = 50;

/** An entity's document in its repository, and what a change of it becomes. */
export interface EditPlan {
  document: string;
  /** The commit that the document was read at. */
  base: string;
  file: string;
  repository: { owner: string; name: string; defaultBranch: string; webUrl: string };
  becomes: "commit" | "pull-request";
}

export const PULL_REQUEST_STATUSES = ["open", "merged", "closed"] as const;

export const PullRequest = z.object({
  id: z.string(),
  /** Counts up within the repository. */
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  sourceBranch: z.string(),
  targetBranch: z.string(),
  /** Null = Waymark itself. */
  author: z.object({ handle: z.string(), name: z.string() }).nullable(),
  status: z.enum(PULL_REQUEST_STATUSES),
  /** A draft cannot be merged. */
  isDraft: z.boolean(),
  /** Newest commit of the source branch, as last seen. */
  head: z.string(),
  /** Files that cannot be merged by themselves, as last seen. */
  conflicts: z.array(z.string()),
  mergeCommit: z.string().nullable(),
  /** Who merged or closed it. */
  endedBy: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Set when it brings another version of the golden path. */
  upgrade: z.object({ goldenPath: z.string(), from: z.string(), to: z.string() }).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type PullRequest = z.infer<typeof PullRequest>;

export interface PullRequestCheck {
  name: string;
  state: "passed" | "failed";
  /** What is wrong and what to do, or what was looked at. */
  detail: string;
  /** Merging is refused while it fails. */
  isRequired: boolean;
}

const Branch = z.string().min(1, "Name a branch.").max(200);
const PullTitle = z.string().trim().min(3, "Say in a few words what changes.").max(200);
const PullBody = z.string().max(20_000);
const PullNumber = z.coerce.number().int().min(1);

export const PullRequestListInput = RepositoryName.extend({
  status: z.enum(PULL_REQUEST_STATUSES).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export const PullRequestInput = RepositoryName.extend({ number: PullNumber });
export const OpenPullRequestInput = RepositoryName.extend({
  title: PullTitle,
  body: PullBody.default(""),
  sourceBranch: Branch,
  /** The default branch unless named. */
  targetBranch: Branch.optional(),
  isDraft: z.boolean().default(false),
});
export const EditPullRequestInput = PullRequestInput.extend({
  title: PullTitle.optional(),
  body: PullBody.optional(),
  isDraft: z.boolean().optional(),
  /** `closed` ends it without merging; `open` takes that back. */
  status: z.enum(["open", "closed"]).optional(),
});
export const MergePullRequestInput = PullRequestInput.extend({
  /** The commit that was looked at: refused when the branch moved since. */
  head: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "Give the whole commit id.")
    .optional(),
  /** Left out: branches that Waymark made are deleted, others stay. */
  deleteBranch: z.boolean().optional(),
});

const MARKS = [/^<{7} /, /^={7}\r?$/, /^>{7} /];

/** True where git's three marks stand at the beginning of lines, in their order. */
export function hasMarkers(text: string): boolean {
  let seen = 0;
  for (const line of text.split("\n")) {
    if (MARKS[seen]?.test(line)) seen += 1;
    if (seen === MARKS.length) return true;
  }
  return false;
}
