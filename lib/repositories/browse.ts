import { and, count, desc, eq, ne } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { pullRequests, repositories, teams } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { bareRepositoryDir } from "@/lib/git/bare";
import { readDiff } from "@/lib/git/diff";
import { countCommits, readLog } from "@/lib/git/log";
import { SHA } from "@/lib/git/names";
import { findCommit, listTree, readBlob } from "@/lib/git/read";
import { type GitRef, listRefs } from "@/lib/git/refs";
import { commitLines } from "./commit-lines";
import { COMMITS_PER_PAGE, CommitInput, CommitsInput, RepositoryListInput, RepositoryName, TreeInput, type TreeItem } from "./contract";
import { findRepositoryRow, presentRepository, type RepositoryRow } from "./read";

const MAX_SHOWN_BYTES = 512 * 1024;

const notFound = (message: string) => new DomainError("not_found", message);

async function subject(on: Connection, { owner, name }: z.output<typeof RepositoryName>) {
  const row = await findRepositoryRow(on, { owner, name });
  if (!row || row.status === "creating") throw notFound(`There is no repository ${owner}/${name}.`);
  return { teamId: row.teamId, row, head: await repositoryHead(on, row) };
}

type Subject = Awaited<ReturnType<typeof subject>>;
const head = (found: Subject) => found.head;

/** A repository as its pages show it: with its team and its number of open pull requests. */
export async function repositoryHead(on: Connection, row: RepositoryRow) {
  const [[team], [open]] = await Promise.all([
    on.select({ ref: teams.ref, title: teams.title, name: teams.name }).from(teams).where(eq(teams.id, row.teamId)),
    on
      .select({ n: count() })
      .from(pullRequests)
      .where(and(eq(pullRequests.repositoryId, row.id), eq(pullRequests.status, "open"))),
  ]);
  return { ...presentRepository(row), team: team ?? null, archivedAt: row.archivedAt?.toISOString() ?? null, receipt: row.receipt, openPullRequests: open?.n ?? 0 };
}

/** Only repositories of our own git server can be looked into; others have their own pages. */
function dirOf(row: RepositoryRow): string {
  if (row.provider !== "waymark") throw notFound(`The files of ${row.owner}/${row.name} are at ${row.webUrl}.`);
  return bareRepositoryDir(row.id);
}

export const listRepositories = query({
  name: "repository.read",
  summary: "Repositories of services, newest first.",
  input: RepositoryListInput,
  subject: () => null,
  run: async (on, { q, owner, limit }) => {
    const rows = await on
      .select()
      .from(repositories)
      .where(and(ne(repositories.status, "creating"), owner ? eq(repositories.owner, owner) : undefined))
      .orderBy(desc(repositories.createdAt), desc(repositories.id))
      .limit(1_000);
    const found = rows.filter((row) => !q || `${row.owner}/${row.name} ${row.description}`.toLowerCase().includes(q.toLowerCase()));
    return { items: found.slice(0, limit).map(presentRepository), nextCursor: null, total: found.length };
  },
});

export const getRepository = query({
  name: "repository.read",
  summary: "One repository: addresses, owner, service, and where its branches and tags are.",
  input: RepositoryName,
  subject,
  run: async (_on, _input, _ctx, found) => {
    const refs = found.row.provider === "waymark" ? await listRefs(dirOf(found.row)) : [];
    return { ...head(found), ...splitRefs(refs) };
  },
});

function splitRefs(refs: GitRef[]) {
  const named = (prefix: string) => refs.filter((ref) => ref.name.startsWith(prefix)).map((ref) => ({ name: ref.name.slice(prefix.length), commit: ref.commit }));
  return { branches: named("refs/heads/"), tags: named("refs/tags/") };
}

/** The ref and the path in `feature/x/src/a.js`: the longest branch or tag that begins it, else a commit id. */
async function place(row: RepositoryRow, at: string): Promise<{ ref: string; path: string; commit: string } | null> {
  const dir = dirOf(row);
  const text = at.replace(/^\/+|\/+$/g, "") || row.defaultBranch;
  const names = (await listRefs(dir)).map((ref) => ref.name.replace(/^refs\/(heads|tags)\//, ""));
  const known = names.filter((name) => text === name || text.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0];
  const ref = known ?? text.split("/")[0] ?? "";
  const commit = await findCommit(dir, ref);
  if (commit) return { ref, path: text.slice(ref.length + 1), commit };
  if (text === row.defaultBranch) return null;
  throw notFound(`${row.owner}/${row.name} has no branch, tag or commit ${ref.slice(0, 100)}.`);
}

export const readTree = query({
  name: "repository.read",
  summary: "A folder or file of a repository at a branch, tag or commit.",
  input: TreeInput,
  subject,
  run: async (on, { at }, _ctx, found) => {
    const { row } = found;
    const where = row.provider === "waymark" ? await place(row, at) : null;
    if (!where) return { repository: head(found), where: null, entries: [], file: null, readme: null, last: null };
    const dir = dirOf(row);
    const entries = await listTree(dir, where.commit, where.path);
    const [latest] = await readLog(dir, { head: where.commit, limit: 1, ...(where.path ? { path: where.path } : {}) });
    const last = latest ? ((await commitLines(on, row, [latest]))[0] ?? null) : null;
    if (!entries) {
      const content = await readBlob(dir, where.commit, where.path, MAX_SHOWN_BYTES + 1);
      if (!content && !last) throw notFound(`${where.ref} has no ${where.path}.`);
      return { repository: head(found), where, entries: [], file: shownFile(content), readme: null, last };
    }
    const items: TreeItem[] = entries.map(({ name, type, size }) => ({ name, path: where.path ? `${where.path}/${name}` : name, type, size }));
    const readme = items.find((item) => item.type === "file" && /^readme(\.md|\.markdown|\.txt)?$/i.test(item.name));
    const text = readme ? await readBlob(dir, where.commit, readme.path, MAX_SHOWN_BYTES) : null;
    return { repository: head(found), where, entries: items, file: null, readme: readme && text ? { path: readme.path, text: text.toString("utf8") } : null, last };
  },
});

/** Text where it can be shown; null text for what is binary or larger than 512 kB. */
function shownFile(content: Buffer | null): { text: string | null; bytes: number | null } {
  if (!content) return { text: null, bytes: null };
  return { text: content.length > MAX_SHOWN_BYTES || content.includes(0) ? null : content.toString("utf8"), bytes: content.length };
}

export const listCommits = query({
  name: "repository.read",
  summary: "The history of a branch, tag or commit, newest first, fifty at a time.",
  input: CommitsInput,
  subject,
  run: async (on, { ref, page }, _ctx, found) => {
    const { row } = found;
    const where = row.provider === "waymark" ? await place(row, ref ?? "") : null;
    if (!where) return { repository: head(found), ref: ref ?? row.defaultBranch, items: [], total: 0, page };
    const dir = dirOf(row);
    const [commits, total] = await Promise.all([
      readLog(dir, { head: where.commit, limit: COMMITS_PER_PAGE, skip: (page - 1) * COMMITS_PER_PAGE }),
      countCommits(dir, where.commit),
    ]);
    return { repository: head(found), ref: where.ref, items: await commitLines(on, row, commits), total, page };
  },
});

export const readCommit = query({
  name: "repository.read",
  summary: "One commit with what it changed.",
  input: CommitInput,
  subject,
  run: async (on, { sha }, _ctx, found) => {
    const dir = dirOf(found.row);
    const commit = /^[0-9a-f]{7,40}$/.test(sha) ? await findCommit(dir, sha) : null;
    const [read] = commit && SHA.test(commit) ? await readLog(dir, { head: commit, limit: 1 }) : [];
    if (!read) throw notFound(`${found.row.owner}/${found.row.name} has no commit ${sha.slice(0, 40)}.`);
    const [line] = await commitLines(on, found.row, [read]);
    return { repository: head(found), commit: { ...read, pushedBy: line?.pushedBy ?? null }, files: await readDiff(dir, read.sha) };
  },
});
