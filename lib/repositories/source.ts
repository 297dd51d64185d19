import { DomainError } from "@/lib/core/errors";
import { bareRepositoryDir } from "@/lib/git/bare";
import { exportTree } from "@/lib/git/export";
import { type Commit, readLog } from "@/lib/git/log";
import { SHA } from "@/lib/git/names";
import { findCommit, listAllFiles, readBlob, refNames } from "@/lib/git/read";
import { listRefs } from "@/lib/git/refs";
import type { Repository } from "./contract";
import { freshMirror } from "./providers/mirror";

// What leaves the process to read a repository: only for jobs, runs and pages. What is elsewhere is read from a copy (providers/mirror.ts).

export type RepositoryCommit = Omit<Commit, "authorEmail" | "paths"> & { paths?: string[] };

/** The bare repository on this machine that holds the commit. */
export const repositoryDir = (repository: Repository, commit: string): Promise<string> => placeOf(repository, [commit]);

/** The bare repository to read; of one elsewhere a copy here, which is fetched unless it holds the commits that are asked about. */
async function placeOf(repository: Repository, commits: string[] = []): Promise<string> {
  return repository.provider === "waymark" ? bareRepositoryDir(repository.id) : freshMirror(repository, commits);
}

/** The commit (40 hex) that a branch, tag or commit id means. Throws DomainError("invalid") naming what exists. */
export async function resolveCommit(repository: Repository, ref: string): Promise<string> {
  const dir = await placeOf(repository, SHA.test(ref) ? [ref] : []);
  const commit = await findCommit(dir, ref);
  if (commit) return commit;
  const names = await refNames(dir);
  const known = names.length > 0 ? `Branches and tags: ${names.slice(0, 20).join(", ")}${names.length > 20 ? " and others" : ""}.` : "It is still empty.";
  const message = `${repository.owner}/${repository.name} has no branch, tag or commit "${ref.slice(0, 100)}". ${known}`;
  throw new DomainError("invalid", message, { fields: [{ path: "ref", message }] });
}

/** Branches with the commit each is at, in the order of their names. */
export async function listBranches(repository: Repository): Promise<{ name: string; commit: string }[]> {
  const refs = await listRefs(await placeOf(repository));
  return refs.filter(({ name }) => name.startsWith("refs/heads/")).map(({ name, commit }) => ({ name: name.slice("refs/heads/".length), commit }));
}

/** Writes the files of a commit into an empty folder; links become text files. */
export async function exportCommit(repository: Repository, commit: string, targetDir: string, signal: AbortSignal): Promise<void> {
  await exportTree(await placeOf(repository, [commit]), commit, targetDir, signal);
}

/** Commits that `head` has and `base` has not, newest first; all of them without a base, up to `limit` (1,000). */
export async function commitsBetween(repository: Repository, base: string | null, head: string, limit = 1_000): Promise<RepositoryCommit[]> {
  const commits = await readLog(await placeOf(repository, base ? [head, base] : [head]), { head, base, limit });
  return commits.map(({ authorEmail: _email, ...commit }) => commit);
}

/** Subject, author and date of one commit. */
export async function commitInfo(repository: Repository, commit: string): Promise<{ sha: string; subject: string; author: string; authoredAt: string }> {
  const [found] = await readLog(await placeOf(repository, [commit]), { head: commit, limit: 1 });
  if (!found) throw new DomainError("invalid", `There is no commit ${commit.slice(0, 40)}.`);
  return { sha: found.sha, subject: found.message.split("\n")[0] ?? "", author: found.author, authoredAt: found.authoredAt };
}

/** The paths of every file of a commit. */
export async function listFilesAt(repository: Repository, commit: string): Promise<string[]> {
  return (await listAllFiles(await placeOf(repository, [commit]), commit)).map(({ name }) => name);
}

/** The text of a file of a commit; null where there is none, or it is larger than 1 MB. */
export async function readFileAt(repository: Repository, commit: string, file: string): Promise<string | null> {
  return (await readBytesAt(repository, commit, file, 1_048_576))?.toString("utf8") ?? null;
}

/** The bytes of a file of a commit; null where there is none, or it is larger than `maxBytes`. */
export async function readBytesAt(repository: Repository, commit: string, file: string, maxBytes: number): Promise<Buffer | null> {
  return readBlob(await placeOf(repository, [commit]), commit, file, maxBytes);
}

/** The bare repository on this machine with everything that is pushed now, for a reading of the whole history. */
export const historyDir = (repository: Repository): Promise<string> => placeOf(repository);
