import type { HostKind } from "@/lib/hosts/contract";
import { hostBranches } from "@/lib/hosts/git";
import type { EngineRun } from "@/lib/runs/engine/types";
import { ensureHostChange, findHostChange } from "./host-changes";
import { noteProposal } from "./note-proposal";
import { branchChanged, isOwnCommit, type Proposal } from "./propose";
import { type Host, onHost, placeAt } from "./providers/hosted";
import { freshMirror } from "./providers/mirror";
import { presentRepository } from "./read";

// The same as at GitHub: one branch of Waymark's own, one pull or merge request for it, and nobody's commits replaced.

/** Opens the request at the host, or brings the open one to this commit. Throws StepFailure. */
export function proposeOnHost(run: EngineRun, proposal: Proposal, kind: HostKind): Promise<{ number: number; url: string; isNew: boolean }> {
  return onHost(kind, async (host) => {
    const { repository, branch, title, body, isDraft } = proposal;
    const place = placeAt(host, repository.cloneUrl);
    const open = await findHostChange(host, place, branch);
    await bringBranch(run, host, proposal);
    if (open) await host.adapter.editChange(host.client, place, open.number, { title, body });
    const made = open ?? (await ensureHostChange(host, place, { branch, base: repository.defaultBranch, title, body, isDraft }));
    await noteProposal(run, proposal, made.number);
    return { number: made.number, url: made.url, isNew: open === null };
  });
}

async function bringBranch(run: EngineRun, { connection }: Host, { repository, branch, base, upgrade: { commit } }: Proposal): Promise<void> {
  const dir = await freshMirror(presentRepository(repository), [base]);
  const remote = hostBranches(connection, { dir, cloneUrl: repository.cloneUrl, signal: run.signal });
  run.mask(connection.token);
  const current = await remote.tip(branch);
  if (current === commit) return;
  if (current === null) return remote.push(commit, branch);
  if (!(await isOwnCommit(dir, { repositoryId: repository.id, branch, base }, current))) throw branchChanged(branch);
  await remote.replace({ commit, branch, from: current });
}
