import { eq } from "drizzle-orm";
import { pullRequests } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { bareRepositoryDir } from "@/lib/git/bare";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { EditPullRequestInput, MergePullRequestInput, OpenPullRequestInput } from "../contract";
import type { RepositoryRow } from "../read";
import { checksOf } from "./checks";
import { insertPullRequest } from "./insert";
import { type Standing, standingOf } from "./look";
import { openPullRequests, ownRepository, type PullRequestRow, presentPullRequests, pullRequestSubject } from "./read";
import { MERGE_DEADLINE_MS, MERGE_STEPS } from "./run-merge";

const personOf = ({ actor }: Ctx) => (actor.type === "user" ? actor.id : null);
const label = (row: RepositoryRow, number: number) => `${row.owner}/${row.name}#${number}`;
const target = (row: RepositoryRow, pull: { id: string; number: number }) => ({ type: "pull-request", id: pull.id, label: label(row, pull.number) });
const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

function refuseArchived(row: RepositoryRow): void {
  if (row.status === "archived") throw new DomainError("conflict", "This repository is archived: it can be read and takes no changes.");
}

export const openPullRequest = mutation({
  name: "pull-request.open",
  summary: "Propose to bring a branch of a repository to another one, the default branch unless named.",
  input: OpenPullRequestInput,
  subject: ownRepository,
  prepare: (input, _ctx, { row }) => standingOf(bareRepositoryDir(row.id), { sourceBranch: input.sourceBranch, targetBranch: input.targetBranch ?? row.defaultBranch }),
  run: async (tx, input, ctx, { row }, standing) => {
    refuseArchived(row);
    const branches = { sourceBranch: input.sourceBranch, targetBranch: input.targetBranch ?? row.defaultBranch };
    const { head, base } = requireChange(branches, standing);
    const known = (await openPullRequests(tx, row.id)).find((one) => one.sourceBranch === branches.sourceBranch && one.targetBranch === branches.targetBranch);
    if (known)
      throw new DomainError("conflict", `Pull request ${known.number} brings ${branches.sourceBranch} to ${branches.targetBranch} already. Push to the branch to change it.`);
    const { title, body, isDraft } = input;
    const pull = await insertPullRequest(tx, {
      repositoryId: row.id,
      title,
      body,
      isDraft,
      ...branches,
      head,
      base,
      conflicts: standing.conflicts.map(({ path }) => path),
      authorId: personOf(ctx),
      now: ctx.now,
    });
    return first(await presentPullRequests(tx, [pull]));
  },
  audit: (input, pull, { row }) => ({ target: target(row, pull), detail: { from: input.sourceBranch, to: pull.targetBranch, isDraft: input.isDraft } }),
});

function requireChange(branches: { sourceBranch: string; targetBranch: string }, { head, base, isContained }: Standing): { head: string; base: string } {
  const { sourceBranch, targetBranch } = branches;
  if (sourceBranch === targetBranch) throw invalid("sourceBranch", "A branch cannot be brought to itself. Choose another one.");
  if (!head) throw invalid("sourceBranch", `There is no branch ${sourceBranch}. Push it first.`);
  if (!base) throw invalid("targetBranch", `There is no branch ${targetBranch}.`);
  if (isContained) throw invalid("sourceBranch", `${targetBranch} has everything of ${sourceBranch} already. Commit something and push it first.`);
  return { head, base };
}

function first<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("what was written is there");
  return row;
}

export const editPullRequest = mutation({
  name: "pull-request.edit",
  summary: "Change title, text or draft of a pull request, close it, or open it again.",
  input: EditPullRequestInput,
  subject: pullRequestSubject,
  prepare: async (_input, _ctx, { row, pull }) => {
    const standing = await standingOf(bareRepositoryDir(row.id), pull);
    return { standing, checks: await checksOf(bareRepositoryDir(row.id), pull, standing) };
  },
  run: async (tx, { title, body, isDraft, status }, ctx, { row, pull }, { standing, checks }) => {
    refuseArchived(row);
    if (pull.status === "merged") throw new DomainError("conflict", "It is merged already and stays as it is.");
    if (status === "open" && pull.status === "closed") requireChange(pull, standing);
    const markers = checks.find(({ name, state }) => name === "Conflict markers" && state === "failed");
    if (isDraft === false && pull.isDraft && markers) throw new DomainError("conflict", `It stays a draft. ${markers.detail}`);
    const ended = status === "closed" && pull.status === "open" ? { status, endedBy: personOf(ctx), endedAt: ctx.now } : null;
    const opened = status === "open" ? { status, endedBy: null, endedAt: null, ...(standing.head ? { head: standing.head } : {}) } : null;
    const change = { ...(title ? { title } : {}), ...(body === undefined ? {} : { body }), ...(isDraft === undefined ? {} : { isDraft }), ...ended, ...opened };
    const [changed] = await tx
      .update(pullRequests)
      .set({ ...change, updatedAt: ctx.now })
      .where(eq(pullRequests.id, pull.id))
      .returning();
    return first(await presentPullRequests(tx, changed ? [changed] : []));
  },
  audit: ({ owner: _owner, name: _name, number: _number, body: _body, ...changed }, pull, { row }) => ({ target: target(row, pull), detail: changed }),
});

export const mergePullRequest = mutation({
  name: "pull-request.merge",
  summary: "Merge a pull request with a merge commit. Answers at once with the run that does it.",
  input: MergePullRequestInput,
  subject: pullRequestSubject,
  prepare: async (_input, _ctx, { row, pull }) => {
    const standing = await standingOf(bareRepositoryDir(row.id), pull);
    return { standing, checks: await checksOf(bareRepositoryDir(row.id), pull, standing) };
  },
  run: async (tx, { head, deleteBranch }, ctx, { row, pull }, { standing, checks }) => {
    refuseArchived(row);
    requireMergeable(pull, standing, checks, head);
    const runId = await startRun(tx, {
      kind: "pull-request.merge",
      title: `Merge ${row.name} #${pull.number}`,
      input: { pullRequestId: pull.id, head: head ?? standing.head, deleteBranch: deleteBranch ?? pull.upgrade !== null },
      plan: MERGE_STEPS,
      deadlineMs: MERGE_DEADLINE_MS,
      requestedBy: personOf(ctx),
      teamId: row.teamId,
      ...(row.entityRef ? { entityRef: row.entityRef } : {}),
      exclusiveKey: `merge:${row.id}`,
      now: ctx.now,
    });
    const [changed] = await tx.update(pullRequests).set({ mergeRun: runId }).where(eq(pullRequests.id, pull.id)).returning();
    return { pullRequest: first(await presentPullRequests(tx, changed ? [changed] : [])), run: await readRun(tx, runId) };
  },
  audit: (_input, { pullRequest, run }, { row }) => ({ target: target(row, pullRequest), detail: { head: pullRequest.head, into: pullRequest.targetBranch, run: run.id } }),
});

function requireMergeable(pull: PullRequestRow, standing: Standing, checks: { state: string; isRequired: boolean; detail: string }[], seen: string | undefined): void {
  if (pull.status !== "open") throw new DomainError("conflict", pull.status === "merged" ? "It is merged already." : "It is closed. Open it again first.");
  if (seen && standing.head && seen !== standing.head)
    throw new DomainError("conflict", `${pull.sourceBranch} moved to ${standing.head.slice(0, 7)} since. Look at it again, then merge.`);
  if (pull.isDraft) throw new DomainError("conflict", "It is a draft. Mark it as ready first.");
  const failed = checks.find(({ state, isRequired }) => isRequired && state === "failed");
  if (failed) throw new DomainError("conflict", failed.detail);
}
