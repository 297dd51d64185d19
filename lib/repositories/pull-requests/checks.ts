import { readBlob } from "@/lib/git/read";
import { hasMarkers, type PullRequestCheck } from "../contract";
import type { Standing } from "./look";
import type { PullRequestRow } from "./read";

const MAX_BYTES = 2 * 1024 * 1024;

/** What is looked at before a pull request may be merged, as it stands now. */
export async function checksOf(dir: string, pull: PullRequestRow, standing: Standing): Promise<PullRequestCheck[]> {
  const { head, base, conflicts } = standing;
  if (!head || !base)
    return [{ name: "Branches", state: "failed", isRequired: true, detail: `The branch ${head ? pull.targetBranch : pull.sourceBranch} is gone. Push it again or close this.` }];
  const merge: PullRequestCheck = conflicts.length
    ? {
        name: "Merge",
        state: "failed",
        isRequired: true,
        detail: `In conflict with ${pull.targetBranch}: ${listed(conflicts.map(({ path }) => path))}. Merge ${pull.targetBranch} into ${pull.sourceBranch} and push.`,
      }
    : { name: "Merge", state: "passed", isRequired: true, detail: `Merges into ${pull.targetBranch} without conflicts.` };
  return pull.upgrade?.conflicts.length ? [merge, await markersCheck(dir, pull, head)] : [merge];
}

async function markersCheck(dir: string, pull: PullRequestRow, head: string): Promise<PullRequestCheck> {
  const left = await unresolved(dir, head, pull.upgrade?.conflicts ?? []);
  const common = { name: "Conflict markers", isRequired: true };
  if (left.length === 0) return { ...common, state: "passed", detail: "Every file that was in conflict is settled." };
  return { ...common, state: "failed", detail: `Still to be settled: ${listed(left)}. Edit each between <<<<<<< and >>>>>>>, commit to ${pull.sourceBranch} and push.` };
}

/** Files of an upgrade in which both sides still stand beside each other. */
async function unresolved(dir: string, head: string, conflicts: { path: string; kind: string }[]): Promise<string[]> {
  const read = await Promise.all(conflicts.map(async ({ path }) => ({ path, text: (await readBlob(dir, head, path, MAX_BYTES))?.toString("latin1") ?? "" })));
  return read.filter(({ text }) => hasMarkers(text)).map(({ path }) => path);
}

const listed = (paths: string[]) => `${paths.slice(0, 10).join(", ")}${paths.length > 10 ? ` and ${paths.length - 10} more` : ""}`;
