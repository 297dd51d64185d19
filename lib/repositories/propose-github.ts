import { and, desc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { pullRequests } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { isAncestor } from "@/lib/git/merge";
import { backgroundClient } from "@/lib/github/budget";
import type { GithubClient } from "@/lib/github/client";
import { GithubFailure, isGithubFailure } from "@/lib/github/failure";
import { pushCommit, remoteTip, replaceBranch } from "@/lib/github/git";
import { editGithubPullRequest, ensurePullRequest, findOpenPullRequest } from "@/lib/github/pull-requests";
import { githubClient } from "@/lib/platform/queries";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { branchChanged, type Proposal } from "./propose";
import { freshMirror } from "./providers/github-mirror";
import { presentRepository } from "./read";

// The same as on our own git server: one branch of Waymark's own, one pull request for it, and nobody's commits replaced. What is
// open is asked of GitHub each time; the row here only tells the lists about it.

/** How long a run that nobody waits for sleeps while only the reserve of GitHub's rate budget is left. */
const AGAIN_MS = 60_000;

/** Opens the pull request at GitHub, or brings the open one to this commit. `isBackground`: leaves the reserve of the rate budget to people, and waits. */
export async function proposeOnGithub(run: EngineRun, proposal: Proposal, isBackground: boolean): Promise<{ number: number; url: string; isNew: boolean }> {
  const connected = await githubClient(db());
  if (!connected) {
    const nextAction = "Connect GitHub on Integrations, then retry.";
    throw new StepFailure({ causeCode: "github-not-connected", cause: "GitHub is not connected.", whoCanFix: "platform-team", nextAction });
  }
  try {
    return await propose(run, isBackground ? backgroundClient(connected) : connected, proposal);
  } catch (error) {
    if (isBackground && isGithubFailure(error, "rate-limited")) {
      run.log(`${error.message} The run waits.`, "warn");
      return run.waitOutside<never>(async () => null, { againAfterMs: AGAIN_MS });
    }
    if (error instanceof GithubFailure) throw new StepFailure(error.outcome, { cause: error });
    throw error;
  }
}

async function propose(run: EngineRun, client: GithubClient, proposal: Proposal): Promise<{ number: number; url: string; isNew: boolean }> {
  const { repository, branch, title, body, isDraft, upgrade } = proposal;
  const at = { owner: repository.owner, name: repository.name, branch, base: repository.defaultBranch };
  // Asked first: where only the reserve is left, nothing is pushed either.
  const open = await findOpenPullRequest(client, at);
  await bringBranch(run, client, proposal);
  if (open) await editGithubPullRequest(client, at, open.number, { title, body });
  const made = open ?? (await ensurePullRequest(client, { ...at, title, body, isDraft }));
  await run.commit(async (tx) => {
    const own = and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.number, made.number));
    const shown = { title, body, isDraft, upgrade, head: upgrade.commit, base: proposal.base, status: "open" as const, updatedAt: run.now };
    const [known] = await tx.update(pullRequests).set(shown).where(own).returning();
    if (known) return;
    // One that people closed there is over here as well.
    await tx
      .update(pullRequests)
      .set({ status: "closed", endedAt: run.now })
      .where(and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.sourceBranch, branch), eq(pullRequests.status, "open")));
    await tx.insert(pullRequests).values({
      id: newId("pullRequest"),
      repositoryId: repository.id,
      number: made.number,
      sourceBranch: branch,
      targetBranch: repository.defaultBranch,
      authorId: null,
      createdAt: run.now,
      ...shown,
    });
  });
  return { ...made, isNew: open === null };
}

async function bringBranch(run: EngineRun, client: GithubClient, { repository, branch, base, upgrade: { commit } }: Proposal): Promise<void> {
  const dir = await freshMirror(presentRepository(repository), [base]);
  const place = { dir, cloneUrl: repository.cloneUrl, signal: run.signal };
  run.mask(await client.gitToken());
  const current = await remoteTip(client, place, branch);
  if (current === commit) return;
  if (current === null) return pushCommit(client, place, commit, branch);
  const proposed = await db()
    .select({ upgrade: pullRequests.upgrade })
    .from(pullRequests)
    .where(and(eq(pullRequests.repositoryId, repository.id), eq(pullRequests.sourceBranch, branch)))
    .orderBy(desc(pullRequests.number));
  const isOurs = proposed.some((one) => one.upgrade?.commit === current) || (await isAncestor(dir, current, base).catch(() => false));
  if (!isOurs) throw branchChanged(branch);
  await replaceBranch(client, place, { commit, branch, from: current });
}
