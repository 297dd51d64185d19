import { and, count, desc, eq, lt } from "drizzle-orm";
import { pullRequests, runs } from "@/db/schema";
import { query } from "@/lib/core/operation";
import { bareRepositoryDir } from "@/lib/git/bare";
import { diffBetween } from "@/lib/git/diff";
import { readLog } from "@/lib/git/log";
import { mergeBase } from "@/lib/git/merge";
import { listRefs } from "@/lib/git/refs";
import { repositoryHead } from "../browse";
import { commitLines } from "../commit-lines";
import { PullRequestInput, PullRequestListInput, RepositoryName } from "../contract";
import { checksOf } from "./checks";
import { standingOf } from "./look";
import { ownRepository, presentPullRequests, pullRequestSubject } from "./read";

const MAX_COMMITS = 250;

export const listPullRequests = query({
  name: "repository.read",
  summary: "Pull requests of a repository, newest first.",
  input: PullRequestListInput,
  subject: ownRepository,
  run: async (on, { status, limit, cursor }, _ctx, { row }) => {
    const inRepository = eq(pullRequests.repositoryId, row.id);
    const before = cursor && /^\d{1,9}$/.test(cursor) ? lt(pullRequests.number, Number(cursor)) : undefined;
    const wanted = status ? and(inRepository, eq(pullRequests.status, status)) : inRepository;
    const [rows, counted] = await Promise.all([
      on
        .select()
        .from(pullRequests)
        .where(and(wanted, before))
        .orderBy(desc(pullRequests.number))
        .limit(limit + 1),
      on.select({ status: pullRequests.status, n: count() }).from(pullRequests).where(inRepository).groupBy(pullRequests.status),
    ]);
    const shown = rows.slice(0, limit);
    const byStatus = new Map(counted.map(({ status: one, n }) => [one, n]));
    const counts = { open: byStatus.get("open") ?? 0, merged: byStatus.get("merged") ?? 0, closed: byStatus.get("closed") ?? 0 };
    const total = status ? counts[status] : counts.open + counts.merged + counts.closed;
    return { items: await presentPullRequests(on, shown), nextCursor: rows.length > limit ? String(shown.at(-1)?.number) : null, total, counts };
  },
});

/** What the list's page shows around it. */
export const readPullRequestChoices = query({
  name: "repository.read",
  summary: "Branches that a pull request could bring to the default branch.",
  input: RepositoryName,
  subject: ownRepository,
  run: async (on, _input, _ctx, { row }) => {
    const refs = await listRefs(bareRepositoryDir(row.id));
    const branches = refs.filter(({ name }) => name.startsWith("refs/heads/")).map(({ name }) => name.slice("refs/heads/".length));
    return { repository: await repositoryHead(on, row), branches: branches.filter((name) => name !== row.defaultBranch), defaultBranch: row.defaultBranch };
  },
});

export const readPullRequest = query({
  name: "repository.read",
  summary: "One pull request with its commits, what it changes, and whether it can be merged.",
  input: PullRequestInput,
  subject: pullRequestSubject,
  run: async (on, _input, _ctx, { row, pull }) => {
    const dir = bareRepositoryDir(row.id);
    const isOpen = pull.status === "open";
    const standing = isOpen ? await standingOf(dir, pull) : null;
    const [head, base] = [standing?.head ?? pull.head, standing?.base ?? pull.base];
    const fork = await mergeBase(dir, base, head).catch(() => null);
    const [commits, files, checks, merging] = await Promise.all([
      readLog(dir, { head, base: fork, limit: MAX_COMMITS }).catch(() => []),
      fork ? diffBetween(dir, fork, head) : Promise.resolve([]),
      standing ? checksOf(dir, pull, standing) : Promise.resolve([]),
      pull.mergeRun ? on.select({ id: runs.id, status: runs.status, outcome: runs.outcome }).from(runs).where(eq(runs.id, pull.mergeRun)) : Promise.resolve([]),
    ]);
    const [presented] = await presentPullRequests(on, [pull]);
    if (!presented) throw new Error("a row that was read is presented");
    const state =
      !standing || !standing.head || !standing.base ? ("gone" as const) : standing.isContained ? ("nothing" as const) : standing.tree ? ("clean" as const) : ("conflicts" as const);
    return {
      repository: await repositoryHead(on, row),
      pullRequest: { ...presented, head, conflicts: standing?.conflicts.map(({ path }) => path) ?? presented.conflicts },
      commits: await commitLines(on, row, commits),
      /** Null when the whole is larger than 2 MiB. */
      files,
      checks,
      /** Null once it is merged or closed. */
      mergeState: isOpen ? state : null,
      mergeRun: merging[0] ?? null,
    };
  },
});
