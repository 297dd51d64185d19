import { db } from "@/db/client";
import { backgroundClient } from "@/lib/github/budget";
import type { GithubClient } from "@/lib/github/client";
import { GithubFailure, isGithubFailure } from "@/lib/github/failure";
import { pushCommit, remoteTip, replaceBranch } from "@/lib/github/git";
import { editGithubPullRequest, ensurePullRequest, findOpenPullRequest } from "@/lib/github/pull-requests";
import { githubClient } from "@/lib/platform/queries";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { noteProposal } from "./note-proposal";
import { branchChanged, isOwnCommit, type Proposal } from "./propose";
import { freshMirror } from "./providers/mirror";
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
  const { repository, branch, title, body, isDraft } = proposal;
  const at = { owner: repository.owner, name: repository.name, branch, base: repository.defaultBranch };
  // Asked first: where only the reserve is left, nothing is pushed either.
  const open = await findOpenPullRequest(client, at);
  await bringBranch(run, client, proposal);
  if (open) await editGithubPullRequest(client, at, open.number, { title, body });
  const made = open ?? (await ensurePullRequest(client, { ...at, title, body, isDraft }));
  await noteProposal(run, proposal, made.number);
  return { ...made, isNew: open === null };
}

async function bringBranch(run: EngineRun, client: GithubClient, { repository, branch, base, upgrade: { commit } }: Proposal): Promise<void> {
  const dir = await freshMirror(presentRepository(repository), [base]);
  const place = { dir, cloneUrl: repository.cloneUrl, signal: run.signal };
  run.mask(await client.gitToken());
  const current = await remoteTip(client, place, branch);
  if (current === commit) return;
  if (current === null) return pushCommit(client, place, commit, branch);
  if (!(await isOwnCommit(dir, { repositoryId: repository.id, branch, base }, current))) throw branchChanged(branch);
  await replaceBranch(client, place, { commit, branch, from: current });
}
