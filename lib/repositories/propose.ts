import { and, desc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { pullRequests, type repositories, type UpgradeRecord } from "@/db/schema";
import { bareRepositoryDir } from "@/lib/git/bare";
import { isAncestor } from "@/lib/git/merge";
import { findRef } from "@/lib/git/refs";
import { moveBranch } from "@/lib/git/trees";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { insertPullRequest } from "./pull-requests/insert";
import { announceOnce } from "./pushes";
import { settlePushes } from "./settle";

export interface Proposal {
  repository: typeof repositories.$inferSelect;
  branch: string;
  /** Newest commit of the default branch that `upgrade.commit` was made on. */
  base: string;
  title: string;
  body: string;
  isDraft: boolean;
  upgrade: UpgradeRecord;
}

/**
 * Puts a commit of Waymark on a branch of its own and opens the pull request for it, or brings the open one to this commit:
 * one per branch. What people committed to the branch is never replaced: then it throws StepFailure `branch-changed`.
 */
export async function proposeUpgrade(run: EngineRun, proposal: Proposal): Promise<{ number: number; isNew: boolean }> {
  const { repository, branch, base, title, body, isDraft, upgrade } = proposal;
  await bringBranch(run, proposal);
  const saved = await run.commit(async (tx) => {
    const open = and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.sourceBranch, branch), eq(pullRequests.status, "open"));
    const change = { title, body, isDraft, upgrade, head: upgrade.commit, base, conflicts: [], updatedAt: run.now };
    const [changed] = await tx.update(pullRequests).set(change).where(open).returning();
    if (changed) return { number: changed.number, isNew: false };
    const made = await insertPullRequest(tx, {
      repositoryId: repository.id,
      title,
      body,
      isDraft,
      upgrade,
      sourceBranch: branch,
      targetBranch: repository.defaultBranch,
      head: upgrade.commit,
      base,
      conflicts: [],
      authorId: null,
      now: run.now,
    });
    return { number: made.number, isNew: true };
  });
  await settlePushes(repository.id);
  return saved;
}

async function bringBranch(run: EngineRun, { repository, branch, upgrade: { commit } }: Proposal): Promise<void> {
  const dir = bareRepositoryDir(repository.id);
  const current = await findRef(dir, `refs/heads/${branch}`);
  if (current === commit) return;
  if (current && !(await isOurs(dir, repository, branch, current))) throw branchChanged(branch);
  await run.commit((tx) => announceOnce(tx, { repositoryId: repository.id, ref: `refs/heads/${branch}`, before: current, after: commit, pushedBy: run.requestedBy, now: run.now }));
  if (!(await moveBranch(dir, branch, { from: current, to: commit }))) throw branchChanged(branch);
}

/** True for a commit that Waymark put there, or one that the default branch has already. */
async function isOurs(dir: string, repository: Proposal["repository"], branch: string, current: string): Promise<boolean> {
  const base = await findRef(dir, `refs/heads/${repository.defaultBranch}`);
  return isOwnCommit(dir, { repositoryId: repository.id, branch, base }, current);
}

/** The same where the newest commit of the default branch is known; null = it has none. */
export async function isOwnCommit(dir: string, at: { repositoryId: string; branch: string; base: string | null }, current: string): Promise<boolean> {
  const proposed = await db()
    .select({ upgrade: pullRequests.upgrade })
    .from(pullRequests)
    .where(and(eq(pullRequests.repositoryId, at.repositoryId), eq(pullRequests.sourceBranch, at.branch)))
    .orderBy(desc(pullRequests.number));
  if (proposed.some(({ upgrade }) => upgrade?.commit === current)) return true;
  return at.base !== null && (await isAncestor(dir, current, at.base).catch(() => false));
}

/** People committed to a branch of Waymark: their work stays. */
export const branchChanged = (branch: string) =>
  new StepFailure({
    causeCode: "branch-changed",
    cause: `People have committed to ${branch} since Waymark made it; their work is left as it is.`,
    whoCanFix: "you",
    nextAction: "Merge or close its pull request and delete the branch, then upgrade again.",
  });
