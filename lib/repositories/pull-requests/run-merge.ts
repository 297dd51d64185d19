import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { pullRequests, repositories, users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { GitFailure, git } from "@/lib/git/run";
import { commitTree, moveBranch } from "@/lib/git/trees";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { announceOnce } from "../pushes";
import type { RepositoryRow } from "../read";
import { settlePushes } from "../settle";
import { standingOf } from "./look";
import type { PullRequestRow } from "./read";

// Merging is a push that the portal makes: announced, done by moving the branch from exactly the commit that was looked at,
// then recorded by the same comparison as every other push, so all that follows a push follows.

export const MERGE_DEADLINE_MS = 2 * 60_000;
export const MERGE_STEPS = [{ name: "merge", title: "Merge and move the branch" }];

interface MergeInput extends Record<string, unknown> {
  pullRequestId: string;
  /** The commit to be merged. */
  head: string;
  deleteBranch: boolean;
}

export const mergeRun: RunKind<MergeInput> = {
  kind: "pull-request.merge",
  deadlineMs: MERGE_DEADLINE_MS,
  plan: () => MERGE_STEPS,
  async execute(run) {
    const [found] = await db()
      .select({ pull: pullRequests, row: repositories })
      .from(pullRequests)
      .innerJoin(repositories, eq(repositories.id, pullRequests.repositoryId))
      .where(eq(pullRequests.id, run.input.pullRequestId));
    if (!found) throw refused("gone", "The pull request is gone.", "There is nothing left to merge.");
    const { pull, row } = found;
    const page = `/repositories/${row.owner}/${row.name}/pulls/${pull.number}`;
    const commit = await run.step("merge", async (step) => {
      const made = pull.status === "merged" ? pull.mergeCommit : await merge(run, row, pull);
      step.log(`${pull.targetBranch} is at ${made?.slice(0, 7) ?? "the merged commit"}.`);
      await settlePushes(row.id);
      if (run.input.deleteBranch) await deleteBranch(run, row, pull);
      return made;
    });
    return {
      summary: `${row.name} #${pull.number} is merged into ${pull.targetBranch} as ${commit?.slice(0, 7)}`,
      evidence: [{ title: `Pull request ${pull.number}`, url: page }],
    };
  },
};

const refused = (causeCode: string, cause: string, nextAction: string) => new StepFailure({ causeCode, cause, whoCanFix: "you", nextAction });

async function merge(run: EngineRun<MergeInput>, row: RepositoryRow, pull: PullRequestRow): Promise<string> {
  const dir = bareRepositoryDir(row.id);
  const { head, base, tree, conflicts, isContained } = await standingOf(dir, pull, run.signal);
  if (!head || !base) throw refused("branch-gone", `The branch ${head ? pull.targetBranch : pull.sourceBranch} is gone.`, "Push it again, or close the pull request.");
  if (isContained) return finish(run, pull, { commit: base, base: pull.base });
  if (head !== run.input.head) throw refused("moved", `${pull.sourceBranch} moved to ${head.slice(0, 7)} after you asked.`, "Look at the new commits, then merge again.");
  if (!tree)
    throw refused(
      "conflicts",
      `In conflict with ${pull.targetBranch}: ${conflicts.map(({ path }) => path).join(", ")}.`,
      `Merge ${pull.targetBranch} into ${pull.sourceBranch}, push, then merge again.`,
    );
  const author = await authorOf(run.requestedBy);
  const message = `Merge pull request #${pull.number}: ${pull.title}\n\nFrom ${pull.sourceBranch}.\n`;
  const commit = await commitTree(dir, { tree, parents: [base, head], author, message, at: run.now }, run.signal);
  await run.commit((tx) =>
    announceOnce(tx, { repositoryId: row.id, ref: `refs/heads/${pull.targetBranch}`, before: base, after: commit, pushedBy: run.requestedBy, now: run.now }),
  );
  if (!(await moveBranch(dir, pull.targetBranch, { from: base, to: commit }))) throw refused("moved", `${pull.targetBranch} got other commits at the same moment.`, "Merge again.");
  return finish(run, pull, { commit, base });
}

async function finish(run: EngineRun<MergeInput>, pull: PullRequestRow, { commit, base }: { commit: string; base: string }): Promise<string> {
  const merged = { status: "merged" as const, mergeCommit: commit, base, head: run.input.head, conflicts: [], endedBy: run.requestedBy, endedAt: run.now, updatedAt: run.now };
  await run.commit((tx) => tx.update(pullRequests).set(merged).where(eq(pullRequests.id, pull.id)));
  return commit;
}

/** Only while it still is what was merged. */
async function deleteBranch(run: EngineRun<MergeInput>, row: RepositoryRow, pull: PullRequestRow): Promise<void> {
  if (pull.sourceBranch === row.defaultBranch) return;
  try {
    await git(["update-ref", "-d", `refs/heads/${pull.sourceBranch}`, run.input.head], { dir: bareRepositoryDir(row.id) });
    await settlePushes(row.id);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    run.log(`${pull.sourceBranch} has other commits by now and stays.`, "warn");
  }
}

async function authorOf(userId: string | null): Promise<{ name: string; email: string }> {
  const [user] = userId ? await db().select().from(users).where(eq(users.id, userId)) : [];
  return { name: user?.name ?? "Waymark", email: user?.email ?? `${user?.handle ?? "waymark"}@users.noreply.${new URL(env().url).hostname}` };
}
