import picomatch from "picomatch";

// Which commits a deployment brought to production for the first time. Oracle: `git rev-list --no-merges previous..this`,
// less what was in production before. Pure; the graph and what was deployed before are handed in.

export interface GraphCommit {
  sha: string;
  parents: string[];
  /** False where nobody has sent the commit: only its hash is known, as somebody's parent or as deployed. */
  known: boolean;
  /** The start of its lead time; null while nobody has sent it. */
  authoredAt: string | null;
  paths: string[] | null;
  isBot: boolean;
}

/** Why a commit is no change: part of a baseline, not known, a merge, outside of the service's folders, or by a program. */
export type LeftOut = "baseline" | "unknown" | "merge" | "paths" | "bot";

export interface DeployedHead {
  id: string;
  commit: string;
  environment: string;
  /** Globs or folders of the service inside a repository of many services. */
  paths: string[] | null;
  /** What ran in the same environment before. */
  previousCommit: string | null;
  /** True if the same environment ran this very commit at some time before. */
  ranBefore: boolean;
}

export type Attribution = "complete" | "partial" | "commits-unknown" | "unrelated" | "too-many";
export type Kind = "baseline" | "forward" | "rollback" | "redeploy";

export interface Attributed {
  kind: Kind;
  attribution: Attribution;
  /** New in production; `leftOut` is null for those that count. */
  fresh: { sha: string; leftOut: LeftOut | null }[];
  missing: string[];
}

/** More than this at once is no release but a gap in what we were told. */
export const MAX_CHANGES = 5_000;

/** What the deployment brought. `seen` holds what production had before, by the environment that had it first, and is added to. */
export function attribute(head: DeployedHead, graph: Map<string, GraphCommit>, seen: Map<string, string>, isFirst: boolean): Attributed {
  if (seen.has(head.commit)) return { kind: kindOfKnown(head, seen), attribution: "complete", fresh: [], missing: [] };
  const walk = walkFrom(head.commit, graph, seen);
  for (const sha of [...walk.reached, ...walk.missing]) seen.set(sha, head.environment);
  const uncounted = (leftOut: LeftOut) => [...walk.reached, ...walk.missing].map((sha) => ({ sha, leftOut }));
  if (isFirst) return { kind: "baseline", attribution: "complete", fresh: uncounted("baseline"), missing: walk.missing };
  if (!walk.touched && walk.missing.length) return { kind: "forward", attribution: "commits-unknown", fresh: uncounted("unknown"), missing: walk.missing };
  if (!walk.touched) return { kind: "baseline", attribution: "unrelated", fresh: uncounted("baseline"), missing: [] };
  if (walk.reached.length > MAX_CHANGES) return { kind: "forward", attribution: "too-many", fresh: uncounted("unknown"), missing: walk.missing };
  const belongs = pathFilter(head.paths);
  const fresh = [
    ...walk.reached.map((sha) => ({ sha, leftOut: leftOut(graph.get(sha), belongs) })),
    // Counted once it is known; marked, so that the walk after this one does not go through it.
    ...walk.missing.map((sha) => ({ sha, leftOut: "unknown" as const })),
  ];
  return { kind: "forward", attribution: walk.missing.length ? "partial" : "complete", fresh, missing: walk.missing };
}

/** A commit that another environment had first is no step back; one that this environment had before is. */
function kindOfKnown({ commit, environment, previousCommit, ranBefore }: DeployedHead, seen: Map<string, string>): Kind {
  if (commit === previousCommit) return "redeploy";
  return previousCommit !== null && (ranBefore || seen.get(commit) === environment) ? "rollback" : "forward";
}

function leftOut(commit: GraphCommit | undefined, belongs: (paths: string[] | null) => boolean): LeftOut | null {
  if (!commit) return "unknown";
  if (commit.parents.length > 1) return "merge";
  if (!belongs(commit.paths)) return "paths";
  return commit.isBot ? "bot" : null;
}

function walkFrom(start: string, graph: Map<string, GraphCommit>, seen: Map<string, string>) {
  const reached: string[] = [];
  const missing: string[] = [];
  const visited = new Set<string>([start]);
  let touched = false;
  for (const todo = [start]; todo.length > 0; ) {
    const sha = todo.pop() ?? "";
    const commit = graph.get(sha);
    if (!commit?.known) {
      missing.push(sha);
      continue;
    }
    reached.push(sha);
    for (const parent of commit.parents) {
      if (seen.has(parent)) touched = true;
      else if (!visited.has(parent)) {
        visited.add(parent);
        todo.push(parent);
      }
    }
  }
  return { reached, missing, touched };
}

/** True for commits whose paths are unknown: all services of the repository are taken to be in them. */
function pathFilter(globs: string[] | null): (paths: string[] | null) => boolean {
  if (!globs?.length) return () => true;
  const matches = picomatch(globs.flatMap((glob) => [glob, `${glob.replace(/\/+$/, "")}/**`]).slice(0, 200), { dot: true });
  return (paths) => paths === null || paths.some((one) => matches(one));
}
