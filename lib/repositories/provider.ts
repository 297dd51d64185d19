import type { EngineRun } from "@/lib/runs/engine/types";
import type { Repository } from "./contract";

/** What a run wants to exist. The same run asks for the same thing again after a crash. */
/** What a publish step asks of one host beyond what all of them have. */
export interface HostWishes {
  /** Key of the project at Bitbucket that it belongs to. */
  project: string | null;
  /** As the host's API calls them; GitLab alone. */
  settings: Record<string, unknown>;
  branches: { name: string; ref: string | null; isProtected: boolean }[];
  variables: ({ key: string; value: string } & Record<string, unknown>)[];
  /** Sealed for GitHub; never logged. */
  secrets: Record<string, string>;
}

export interface RepositorySpec {
  /** Our own id of the repository. */
  repositoryId: string;
  owner: string;
  name: string;
  /** Where it is going to be cloned from, as noted when the name was kept; empty where the provider says so only when it is made. */
  cloneUrl: string;
  description: string;
  defaultBranch: string;
  /** Address of the run in the portal: the mark by which a repository that was made before a crash is recognised as ours. */
  mark: string;
  visibility: "private" | "internal" | "public";
  topics: string[];
  /** The owning team's name, for access rights at the provider. */
  team: string;
  wishes: HostWishes;
  commit: {
    author: { name: string; email: string };
    message: string;
    /** Fixed per run, so that the same files give the same commit id again. */
    at: Date;
  };
}

/** A commit that waits in the bare repository on this machine to become part of the repository. */
export interface ProposedChange {
  dir: string;
  commit: string;
  /** The commit that it was made on: the head of the default branch. */
  from: string;
  title: string;
  body: string;
}

export const NO_WISHES: HostWishes = { project: null, settings: {}, branches: [], variables: [], secrets: {} };

/**
 * Where repositories live. Every call is create-or-get and may be repeated after a crash at any instant.
 * Foreseen failures are `StepFailure`s; a foreign repository of the same name has the cause code `name-taken`.
 */
export interface RepositoryProvider {
  name: Repository["provider"];
  /** Makes the empty repository, or finds the one that this run made. */
  ensureRepository(run: EngineRun, spec: RepositorySpec): Promise<MadeRepository>;
  /** Makes the folder the first commit of the default branch, or finds that it is there. */
  pushInitial(run: EngineRun, spec: RepositorySpec, filesDir: string): Promise<{ commit: string }>;
  /** What can only be set once there is a commit: topics, access, rules. What was not possible is said in the log. */
  settings?(run: EngineRun, spec: RepositorySpec): Promise<void>;
  /** Brings a change to the default branch, or proposes it there. Returns where it can be seen. Throws `branch-moved` where others were faster. */
  deliver(run: EngineRun, repository: Repository, change: ProposedChange): Promise<{ title: string; url: string; isProposal: boolean }>;
  /** Open pull requests, and the webhooks that bring events to this portal. */
  openWork(repository: RepositoryAt): Promise<OpenWork>;
  /** Closes those pull requests and removes those webhooks. Returns what was there; a repeat finds nothing more. */
  closeWork(run: EngineRun, repository: RepositoryAt): Promise<OpenWork>;
  /** Makes the repository read-only and keeps it; `id` is null for one that Waymark did not make. Returns how that was verified. */
  archive(run: EngineRun, repository: Omit<RepositoryAt, "id"> & { id: string | null }): Promise<{ verified: string }>;
  /** Deletes it with its history. Only our own git server does that: a repository at GitHub is never deleted. */
  remove?(run: EngineRun, repository: RepositoryAt): Promise<{ verified: string }>;
}

export interface MadeRepository {
  cloneUrl: string;
  webUrl: string;
  /** Where the files of the default branch are shown, where that is not `<webUrl>/tree/<branch>`. */
  contentsUrl?: string;
  /** What the host's own publish action gives beyond addresses, such as a project's number. */
  outputs?: Record<string, string | number | boolean>;
}

export interface RepositoryAt {
  id: string;
  owner: string;
  name: string;
}

export interface OpenWork {
  pullRequests: { number: number; title: string; url: string }[];
  webhooks: { id: number; url: string }[];
}
