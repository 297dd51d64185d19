import type { HostClient, HostConnection } from "./client";

// One way for all hosts: each of them answers these few questions, and everything that makes a repository safely
// (looking first, marks, lost answers, pushing) is written once, above (lib/repositories/providers/hosted.ts).

export interface HostPlace {
  /** Group, organisation, `workspace/PROJECT` or `organisation/project`. */
  owner: string;
  name: string;
}

export interface HostRepository {
  /** As the host counts it; given to templates as an output. */
  id: string;
  cloneUrl: string;
  webUrl: string;
  /** Null where the host keeps none. */
  description: string | null;
  /** Null while it is empty. */
  defaultBranch: string | null;
  isArchived: boolean;
}

export interface NewRepository {
  description: string;
  visibility: "private" | "internal" | "public";
  topics: string[];
  /** Settings that only this host knows, as its API calls them. */
  settings: Record<string, unknown>;
}

export interface HostSettings {
  defaultBranch: string;
  topics: string[];
  /** Further branches of GitLab's action. */
  branches: { name: string; ref: string | null; isProtected: boolean }[];
  /** Variables of pipelines, as GitLab calls them. */
  variables: ({ key: string; value: string } & Record<string, unknown>)[];
}

export interface HostChange {
  number: number;
  title: string;
  url: string;
}

export interface HostAdapter {
  /** The host's API for a connection. */
  client(connection: HostConnection): HostClient;
  /** Name for git over HTTPS; the token is its password. */
  gitUser(connection: HostConnection): string;
  /** Whether the description that is sent with the request to create is kept: then it carries the run's mark. */
  keepsDescription: boolean;
  /** Where it is going to be cloned from. */
  cloneUrl(url: string, place: HostPlace): string;
  /** The place that a clone address stands for; null for an address that is none of this host. */
  placeOf(url: string, cloneUrl: string): HostPlace | null;
  /** Where people read the files of a branch. */
  contentsUrl(webUrl: string, branch: string): string;
  /** Who the token is there, after asking whether repositories of the owner can be seen. Throws HostFailure. */
  identity(client: HostClient, owner: string): Promise<string>;
  find(client: HostClient, place: HostPlace): Promise<HostRepository | null>;
  create(client: HostClient, place: HostPlace, wanted: NewRepository): Promise<HostRepository>;
  /** Default branch, its protection, topics and so on, each looked up first. Returns in words what could not be set. */
  configure(client: HostClient, place: HostPlace, repository: HostRepository, wanted: HostSettings): Promise<string[]>;
  /** Makes it read-only; false where the host has nothing of that kind. */
  archive(client: HostClient, place: HostPlace, repository: HostRepository): Promise<boolean>;
  listChanges(client: HostClient, place: HostPlace): Promise<(HostChange & { branch: string })[]>;
  openChange(client: HostClient, place: HostPlace, change: { branch: string; base: string; title: string; body: string; isDraft: boolean }): Promise<HostChange>;
  editChange(client: HostClient, place: HostPlace, number: number, change: { title: string; body: string }): Promise<void>;
  closeChange(client: HostClient, place: HostPlace, number: number): Promise<void>;
}

/** Parts of a path, each encoded. */
export const segments = (...parts: string[]): string => parts.map(encodeURIComponent).join("/");
