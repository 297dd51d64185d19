import { SHA } from "./names";
import { GitFailure, gitText } from "./run";

export interface FileDiff {
  path: string;
  status: "added" | "deleted" | "changed";
  added: number;
  removed: number;
  isBinary: boolean;
  /** Unified diff from its first `@@`; null when it was too large to show. */
  text: string | null;
}

const MAX_BYTES = 2 * 1024 * 1024;
const PLAIN = ["--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
const MAX_FILE_CHARACTERS = 60_000;

/** What a commit changed against its first parent, file by file. Null when the whole is larger than 2 MiB. */
export async function readDiff(dir: string, commit: string): Promise<FileDiff[] | null> {
  return read(dir, ["show", "--format=", "--diff-merges=first-parent", "--root"], [commit]);
}

/** What lies between two commits, file by file. Null when the whole is larger than 2 MiB. */
export async function diffBetween(dir: string, base: string, head: string): Promise<FileDiff[] | null> {
  return read(dir, ["diff"], [base, head]);
}

async function read(dir: string, command: string[], commits: string[]): Promise<FileDiff[] | null> {
  if (!commits.every((commit) => SHA.test(commit))) throw new Error("diffs are read between whole commit ids");
  try {
    return splitDiff(await gitText([...command, "-p", ...PLAIN, "--end-of-options", ...commits], { dir, maxBytes: MAX_BYTES }));
  } catch (error) {
    if (error instanceof GitFailure && error.stderr.includes("bytes of output")) return null;
    throw error;
  }
}

/** Cuts a unified diff of several files into one entry per file. */
export function splitDiff(text: string): FileDiff[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith("diff --git "))
    .map(fileDiff);
}

function fileDiff(part: string): FileDiff {
  const hunkAt = part.search(/^@@ /m);
  const head = hunkAt === -1 ? part : part.slice(0, hunkAt);
  const body = hunkAt === -1 ? "" : part.slice(hunkAt);
  const lines = body.split("\n");
  return {
    path: pathOf(head),
    status: /^new file mode/m.test(head) ? "added" : /^deleted file mode/m.test(head) ? "deleted" : "changed",
    added: lines.filter((line) => line.startsWith("+")).length,
    removed: lines.filter((line) => line.startsWith("-")).length,
    isBinary: /^Binary files /m.test(head),
    text: body.length > MAX_FILE_CHARACTERS ? null : body,
  };
}

/** From the header, whose two sides have the same name here: renames are not looked for. */
function pathOf(head: string): string {
  const line = head.slice("diff --git ".length, head.indexOf("\n") === -1 ? undefined : head.indexOf("\n"));
  const half = line.slice(Math.ceil(line.length / 2));
  const name = half.startsWith('"') ? half.slice(1, -1) : half;
  return name.replace(/^b\//, "");
}
