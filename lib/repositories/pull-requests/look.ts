import { isAncestor, mergeCommits } from "@/lib/git/merge";
import { findRef } from "@/lib/git/refs";

/** How two branches of a repository stand to each other now. */
export interface Standing {
  /** Newest commits; null where the branch is gone. */
  head: string | null;
  base: string | null;
  /** The target has everything of the source already. */
  isContained: boolean;
  conflicts: { path: string; kind: string }[];
  /** The tree that merging gives; null where nothing can be merged. */
  tree: string | null;
}

/** Looks at both branches and tries the merge without touching either. */
export async function standingOf(dir: string, { sourceBranch, targetBranch }: { sourceBranch: string; targetBranch: string }, signal?: AbortSignal): Promise<Standing> {
  const [head, base] = await Promise.all([findRef(dir, `refs/heads/${sourceBranch}`), findRef(dir, `refs/heads/${targetBranch}`)]);
  if (!head || !base) return { head, base, isContained: false, conflicts: [], tree: null };
  if (await isAncestor(dir, head, base)) return { head, base, isContained: true, conflicts: [], tree: null };
  const { tree, conflicts } = await mergeCommits(dir, base, head, signal);
  return { head, base, isContained: false, conflicts, tree: conflicts.length ? null : tree };
}
