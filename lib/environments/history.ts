/** A deployment that succeeded, as far as rolling back is concerned. */
export interface Served {
  kind: "deploy" | "rollback" | "promotion";
  commit: string;
}

/**
 * What to go back to from the last of these (oldest first): the commit before it that still counts; null when there is none. A rollback takes
 * back what came after its commit, so that rolling back twice goes two steps back and not forth again.
 */
export function previousOf<T extends Served>(served: T[]): T | null {
  const path: T[] = [];
  for (const one of served) {
    const before = one.kind === "rollback" ? path.findLastIndex((entry) => entry.commit === one.commit) : -1;
    if (before >= 0) path.splice(before + 1);
    else if (path.at(-1)?.commit !== one.commit) path.push(one);
  }
  const now = path.at(-1);
  return path.findLast((entry) => entry.commit !== now?.commit) ?? null;
}
