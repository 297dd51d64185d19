import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { catalogLocations, catalogRepositories } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { pinnedAddress } from "@/lib/core/safe-fetch";
import { readLog } from "@/lib/git/log";
import { fetchCommit, remoteHead } from "@/lib/git/remote";
import { GitFailure } from "@/lib/git/run";
import { backgroundClient } from "@/lib/github/budget";
import type { GithubClient } from "@/lib/github/client";
import { GithubFailure } from "@/lib/github/failure";
import { administeringTeam, branchHead } from "@/lib/github/files";
import { githubClient } from "@/lib/platform/queries";
import type { EntitySource, ImportResult } from "../contract";
import { teamRefOf } from "../register";
import { commitReader } from "./git-reader";
import { githubReader } from "./github-reader";
import { readOutside } from "./outside";
import { settleGoneSource } from "./presence";
import { takeOverDocs } from "./read-docs";
import { type LocationRow, registrarOf } from "./registrar";
import { takeOverRepository } from "./take-over";

type RepositoryRow = typeof catalogRepositories.$inferSelect;
type Outcome = { state: "read"; result: ImportResult } | { state: "unchanged" | "gone" };

const DEFAULT_ENTRIES = ["catalog-info.yaml", "catalog-info.yml"];
export const entriesOf = ({ path: text }: Pick<LocationRow, "path">): string[] =>
  text
    ? text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean)
    : DEFAULT_ENTRIES;

const sourceOf = ({ url }: RepositoryRow, commit: string | null): EntitySource => ({ type: "remote", url, path: "", commit });

/**
 * Reads one repository of a source. Unless `force`d, one whose branch is where it was is left alone. What goes wrong is noted at
 * the repository; returns null then. Throws GithubFailure `rate-limited` when it must wait.
 */
export async function readRepository(key: string, { force = false }: { force?: boolean } = {}): Promise<Outcome | null> {
  const [found] = await db()
    .select({ row: catalogRepositories, location: catalogLocations })
    .from(catalogRepositories)
    .innerJoin(catalogLocations, eq(catalogLocations.id, catalogRepositories.locationId))
    .where(eq(catalogRepositories.key, key));
  if (!found) return null;
  const { row, location } = found;
  try {
    const client = await githubClient(db());
    const isGithub = client !== null && new URL(row.cloneUrl).origin === client.webUrl;
    return isGithub ? await readAtGithub(backgroundClient(client), location, row, force) : await readByGit(location, row, force);
  } catch (error) {
    if (error instanceof GithubFailure && error.problem === "rate-limited") throw error;
    const problem = reasonOf(error);
    if (!problem) throw error;
    await db()
      .update(catalogRepositories)
      .set({ state: "failed", problem, readAt: await databaseNow() })
      .where(eq(catalogRepositories.key, key));
    return null;
  }
}

/** What a person is told about a place that cannot be read; null for a fault of ours. */
export function reasonOf(error: unknown): string | null {
  if (error instanceof GithubFailure) return `${error.message} ${error.outcome.nextAction}`;
  if (error instanceof DomainError) return error.message;
  if (!(error instanceof GitFailure)) return null;
  if (/larger than|longer than/.test(error.stderr)) return "The repository is too large, or its server too slow. Name a smaller one.";
  if (/Authentication failed|could not read (Username|Password)|error: 40[13]/i.test(error.stderr)) return "The repository is not public. Connect its host, or make it public.";
  if (/not found|error: 404|error: 30\d/i.test(error.stderr)) return "There is no repository at this address, or it was moved. Check the address.";
  return "The server of the repository does not answer as git does. Check the address, or try again later.";
}

async function readAtGithub(client: GithubClient, location: LocationRow, row: RepositoryRow, force: boolean): Promise<Outcome> {
  const [owner = "", name = ""] = row.name.split("/");
  const at = { owner, name };
  const head = await branchHead(client, at, row.defaultBranch, force ? null : row.etag);
  if (head === "unchanged") return unchanged(row);
  if (!head) return gone(location, row, "empty", `It has no branch ${row.defaultBranch}.`);
  const reader = await githubReader(client, { ...at, tree: head.tree, page: row.url });
  const now = await databaseNow();
  const result = await takeOverRepository({
    reader,
    entries: entriesOf(location),
    registration: { source: sourceOf(row, head.commit), ...(await registrarOf(location, now)), now },
    repository: { locationId: location.id, name: row.name, url: row.url, cloneUrl: row.cloneUrl, defaultBranch: row.defaultBranch, commit: head.commit, etag: head.etag },
    hints: {
      adminTeam: async () => {
        const team = await administeringTeam(client, at);
        return team ? { team, from: "GitHub team" } : null;
      },
      lastCommit: { sha: head.commit, author: head.author, at: head.at },
    },
    readOutside,
  });
  try {
    await takeOverDocs(reader, result, { commit: head.commit, now });
  } catch (error) {
    // Else the next reading would find the branch where it was, and the documents missing for ever.
    await db().update(catalogRepositories).set({ etag: null }).where(eq(catalogRepositories.key, row.key));
    throw error;
  }
  return { state: "read", result };
}

async function readByGit(location: LocationRow, row: RepositoryRow, force: boolean): Promise<Outcome> {
  const remote = { url: row.cloneUrl, address: await pinnedAddress(row.cloneUrl) };
  const head = await remoteHead(remote, location.branch);
  if (!head) return gone(location, row, "empty", location.branch ? `It has no branch ${location.branch}.` : "It is empty.");
  if (!force && row.state !== "failed" && head.commit === row.commit) return unchanged(row);
  const folder = await mkdtemp(path.join(tmpdir(), "waymark-source-"));
  const dir = path.join(folder, "copy.git");
  try {
    await fetchCommit(remote, dir, head.branch);
    const [commit] = await readLog(dir, { head: head.commit, limit: 1 });
    const now = await databaseNow();
    const reader = await commitReader({ dir, commit: head.commit, page: row.url, isPartial: true });
    const result = await takeOverRepository({
      reader,
      entries: entriesOf(location),
      registration: { source: sourceOf(row, head.commit), ...(await registrarOf(location, now)), now },
      repository: { locationId: location.id, name: row.name, url: row.url, cloneUrl: row.cloneUrl, defaultBranch: head.branch, commit: head.commit },
      hints: { adminTeam: async () => null, lastCommit: commit ? { sha: commit.sha, author: commit.author, at: commit.authoredAt } : null },
      readOutside,
    });
    await takeOverDocs(reader, result, { commit: head.commit, now });
    return { state: "read", result };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unchanged(row: RepositoryRow): Promise<Outcome> {
  const state = row.state === "failed" ? { state: "ok" as const, problem: null } : {};
  await db()
    .update(catalogRepositories)
    .set({ readAt: await databaseNow(), ...state })
    .where(eq(catalogRepositories.key, row.key));
  return { state: "unchanged" };
}

/** Notes that a repository holds nothing any more: what it brought is gone. */
export async function gone(location: Pick<LocationRow, "teamId">, row: Pick<RepositoryRow, "key" | "url">, state: "empty" | "gone", problem: string): Promise<Outcome> {
  const now = await databaseNow();
  await db().transaction(async (tx) => {
    const source: EntitySource = { type: "remote", url: row.url, path: "", commit: null };
    await settleGoneSource(tx, { source, teamRef: await teamRefOf(tx, location.teamId), now });
    await tx.update(catalogRepositories).set({ state, problem, commit: null, etag: null, readAt: now }).where(eq(catalogRepositories.key, row.key));
  });
  return { state: "gone" };
}
