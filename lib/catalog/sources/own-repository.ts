import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import type { ImportResult } from "../contract";
import { findEntity } from "../queries";
import { commitReader } from "./git-reader";
import { readOutside } from "./outside";
import { takeOverRepository } from "./take-over";

/** What a repository of the platform's own is read for unless it says otherwise. */
const ENTRIES = ["catalog-info.yaml", "catalog-info.yml"];

export interface OwnCommit {
  repository: {
    id: string;
    owner: string;
    name: string;
    webUrl: string;
    cloneUrl: string;
    defaultBranch: string;
    teamId: string;
    entityRef: string | null;
    goldenPath: { name: string; version: string } | null;
    isDemo: boolean;
  };
  /** The bare repository on this machine. */
  dir: string;
  commit: { sha: string; author: string; authoredAt: string };
  pushedBy: string | null;
}

/** Brings the catalog to what a commit of a repository of the platform says. A file that broke changes nothing but findings. */
export async function takeOverOwnCommit({ repository, dir, commit, pushedBy }: OwnCommit): Promise<ImportResult> {
  const { id, owner, name, webUrl, cloneUrl, defaultBranch, teamId, goldenPath, isDemo } = repository;
  const registered = repository.entityRef ? await findEntity(db(), repository.entityRef) : null;
  // A golden path may keep its catalog file elsewhere, and registered it from there.
  const own = registered?.source.type === "git" && registered.source.repositoryId === id ? [registered.source.path] : [];
  const reader = await commitReader({ dir, commit: commit.sha, page: webUrl });
  return takeOverRepository({
    reader,
    entries: [...new Set([...ENTRIES, ...own])],
    registration: {
      source: { type: "git", repositoryId: id, path: ENTRIES[0] ?? "", commit: commit.sha },
      registeredBy: pushedBy,
      by: null,
      teamId,
      goldenPath: goldenPath ?? undefined,
      repositoryId: id,
      isDemo,
      now: await databaseNow(),
    },
    repository: { locationId: null, name: `${owner}/${name}`, url: webUrl, cloneUrl, defaultBranch, commit: commit.sha },
    hints: { adminTeam: async () => null, lastCommit: { sha: commit.sha, author: commit.author, at: commit.authoredAt } },
    readOutside,
  });
}
