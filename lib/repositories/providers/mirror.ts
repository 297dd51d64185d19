import { rm } from "node:fs/promises";
import path from "node:path";
import { db } from "@/db/client";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { SHA } from "@/lib/git/names";
import { GitFailure, git } from "@/lib/git/run";
import { GithubFailure } from "@/lib/github/failure";
import { fetchAll } from "@/lib/github/git";
import { HOST_WORDS, type HostKind, isHostKind } from "@/lib/hosts/contract";
import { HostFailure } from "@/lib/hosts/failure";
import { hostBranches } from "@/lib/hosts/git";
import { githubClient, hostConnection } from "@/lib/platform/queries";
import type { Repository } from "../contract";

// A copy of each repository elsewhere on this machine, fetched when it is asked about. It is a cache: removing it costs a fetch.

/** Where the copy of this repository is or will be. */
function mirrorDir(repositoryId: string): string {
  return path.join(env().dataDir, "github", path.basename(bareRepositoryDir(repositoryId)));
}

/** Where the first commit waits to be pushed: apart from the copy, whose branches are always those of the other side. */
const stageDir = (repositoryId: string) => mirrorDir(repositoryId).replace(/\.git$/, ".first.git");

/** The folder for the first commit, made if need be. */
export async function ensureStage(repositoryId: string, defaultBranch: string, signal?: AbortSignal): Promise<string> {
  const dir = stageDir(repositoryId);
  await ensureBareRepository(dir, defaultBranch, signal);
  return dir;
}

/** Removes what this machine holds of the repository. */
export async function removeCopies(repositoryId: string): Promise<void> {
  for (const dir of [mirrorDir(repositoryId), stageDir(repositoryId)]) await rm(dir, { recursive: true, force: true });
}

/** True if `commit` is `tip` or one of its ancestors. */
export async function holdsCommit(dir: string, tip: string, commit: string): Promise<boolean> {
  return succeeds(dir, ["merge-base", "--is-ancestor", commit, tip]);
}

async function succeeds(dir: string, args: string[]): Promise<boolean> {
  try {
    await git(args, { dir });
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

const fetching = new Map<string, Promise<void>>();

/**
 * The folder of an up-to-date copy; with `commits`, a copy that has them is up to date enough. Throws DomainError("unavailable")
 * while GitHub or the host is not connected or does not answer.
 */
export async function freshMirror(repository: Repository, commits: string[] = []): Promise<string> {
  const dir = mirrorDir(repository.id);
  await ensureBareRepository(dir, repository.defaultBranch);
  if (commits.length > 0 && (await holdsAll(dir, commits))) return dir;
  const under = fetching.get(repository.id) ?? fetchMirror(repository, dir).finally(() => fetching.delete(repository.id));
  fetching.set(repository.id, under);
  await under;
  return dir;
}

async function holdsAll(dir: string, commits: string[]): Promise<boolean> {
  const held = await Promise.all(commits.map((commit) => SHA.test(commit) && succeeds(dir, ["cat-file", "-e", `${commit}^{commit}`])));
  return held.every(Boolean);
}

async function fetchMirror(repository: Repository, dir: string): Promise<void> {
  if (isHostKind(repository.provider)) return fetchFromHost(repository, repository.provider, dir);
  const client = await githubClient(db());
  const name = `${repository.owner}/${repository.name}`;
  if (!client) throw new DomainError("unavailable", `${name} is on GitHub, which is not connected. Connect it under Integrations.`);
  try {
    await fetchAll(client, { dir, cloneUrl: repository.cloneUrl });
  } catch (error) {
    if (error instanceof GithubFailure) throw new DomainError("unavailable", `${error.message} ${error.outcome.nextAction}`, { cause: error });
    throw error;
  }
}

async function fetchFromHost({ owner, name, cloneUrl }: Repository, kind: HostKind, dir: string): Promise<void> {
  const connection = await hostConnection(db(), kind);
  const { title } = HOST_WORDS[kind];
  if (!connection) throw new DomainError("unavailable", `${owner}/${name} is on ${title}, which is not connected. Connect it under Integrations.`);
  try {
    await hostBranches(connection, { dir, cloneUrl }).fetchAll();
  } catch (error) {
    if (error instanceof HostFailure) throw new DomainError("unavailable", `${error.message} ${error.outcome.nextAction}`, { cause: error });
    throw error;
  }
}
