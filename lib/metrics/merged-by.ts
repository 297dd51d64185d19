import type { GraphCommit } from "./attribute";

/**
 * Of commits that came in by a merge on the deployed line, that merge; those of the line itself are not in it. A commit that several
 * merges reach is the oldest one's, as in `git rev-list merge^1..merge`. Only what is among `fresh` counts.
 */
export function mergedBy(head: string, fresh: Iterable<string>, graph: Map<string, GraphCommit>): Map<string, string> {
  const within = new Set(fresh);
  const line: GraphCommit[] = [];
  for (let at: string | undefined = head; at !== undefined && within.has(at) && line.length < within.size; ) {
    const commit: GraphCommit | undefined = graph.get(at);
    if (!commit) break;
    line.push(commit);
    at = commit.parents[0];
  }
  const done = new Set(line.map(({ sha }) => sha));
  const merges = new Map<string, string>();
  for (const merge of line.reverse()) {
    for (const todo = merge.parents.slice(1); todo.length > 0; ) {
      const sha = todo.pop() ?? "";
      if (done.has(sha) || !within.has(sha)) continue;
      done.add(sha);
      merges.set(sha, merge.sha);
      todo.push(...(graph.get(sha)?.parents ?? []));
    }
  }
  return merges;
}
