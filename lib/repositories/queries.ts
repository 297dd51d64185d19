import "server-only";
import type { Connection } from "@/db/client";
import type { Repository } from "./contract";
import { findRepositoryRow, presentRepository, type RepositoryKey } from "./read";

/** The repository, or null; one that is still being made counts as not there. */
export async function findRepository(on: Connection, key: RepositoryKey): Promise<Repository | null> {
  const row = await findRepositoryRow(on, key);
  return row && row.status !== "creating" ? presentRepository(row) : null;
}

export { getRepository, listCommits, listRepositories, readCommit, readTree } from "./browse";
export { planEdit } from "./edit-entity";
export { readDocImage, repositoryOfEntity } from "./of-entity";
export { listPullRequests, readPullRequest, readPullRequestChoices } from "./pull-requests/queries";
export { presentRepository } from "./read";
export { repositoryOfSource } from "./source-repository";
