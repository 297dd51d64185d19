import { mergeCommits } from "@/lib/git/merge";
import { commitTree, readBlobs, readTreeFiles, type TreeFiles, writeBlobs, writeTree } from "@/lib/git/trees";

// Base is what the recorded version gives, theirs what the new one gives, ours what the team made of it; git merges. The team
// wins where only a choice is in question: what it deleted stays deleted, what it changed is never removed. Only lines that
// both sides changed become a conflict, with markers for people to settle.

export interface ThreeWay {
  base: TreeFiles;
  ours: TreeFiles;
  theirs: TreeFiles;
  /** Left exactly as ours, whatever the other two say. */
  isKept: (path: string) => boolean;
  /** What stands behind the markers. */
  labels: { ours: string; theirs: string };
}

export interface MergedTree {
  files: TreeFiles;
  /** Files with markers. */
  conflicts: { path: string; kind: string }[];
  /** Where the team's choice stood against the new version. */
  notes: { path: string; kind: "stays-deleted" | "stays-yours" }[];
}

const AUTHOR = { name: "Waymark", email: "waymark@localhost" };
const EPOCH = new Date(0);

/** Merges three trees of the repository at `dir`. The same input gives the same tree; objects are added, no ref moves. */
export async function mergeThreeWay(dir: string, { base, ours, theirs, isKept, labels }: ThreeWay, signal?: AbortSignal): Promise<MergedTree> {
  const asOurs = (side: TreeFiles) => new Map([...[...side].filter(([path]) => !isKept(path)), ...[...ours].filter(([path]) => isKept(path))]);
  const commit = async (files: TreeFiles, parents: string[], message: string) =>
    commitTree(dir, { tree: await writeTree(dir, files, signal), parents, author: AUTHOR, message, at: EPOCH }, signal);
  const root = await commit(asOurs(base), [], "base");
  const [left, right] = await Promise.all([commit(ours, [root], "ours"), commit(asOurs(theirs), [root], "theirs")]);
  const merged = await mergeCommits(dir, left, right, signal);
  const result: MergedTree = { files: await readTreeFiles(dir, merged.tree), conflicts: [], notes: [] };
  for (const { path, kind } of merged.conflicts) {
    if (kind === "contents" && result.files.has(path)) result.conflicts.push({ path, kind });
    else result.notes.push(giveToOurs(result.files, ours, path));
  }
  restoreOwn(result.files, { base, ours, theirs });
  await relabel(dir, result, { from: [left, right], to: labels });
  result.conflicts.sort(byPath);
  result.notes.sort(byPath);
  return result;
}

const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);

/** Our side of one path, and of all below it where a file stands against a folder. */
function giveToOurs(files: TreeFiles, ours: TreeFiles, path: string): MergedTree["notes"][number] {
  // Where a file and a folder want the same name, git puts the file aside as `name~commit`.
  const name = ours.has(path) ? path : path.replace(/~[0-9a-f]{7,40}(_\d+)?$/, "");
  const inside = (one: string) => one === name || one === path || one.startsWith(`${name}/`);
  for (const one of [...files.keys()]) if (inside(one)) files.delete(one);
  for (const [one, file] of ours) if (inside(one)) files.set(one, file);
  return { path: name, kind: ours.has(name) ? "stays-yours" : "stays-deleted" };
}

/** A file that only the team has is there afterwards, whatever a guess about renames made of it. */
function restoreOwn(files: TreeFiles, { base, ours, theirs }: Pick<ThreeWay, "base" | "ours" | "theirs">): void {
  for (const [path, file] of ours) if (!base.has(path) && !theirs.has(path) && !files.has(path)) giveToOurs(files, new Map([[path, file]]), path);
}

/** Git names the sides by commit ids; people need to know which is theirs. */
async function relabel(dir: string, { files, conflicts }: MergedTree, { from: [left, right], to }: { from: [string, string]; to: ThreeWay["labels"] }): Promise<void> {
  const shas = conflicts.map(({ path }) => files.get(path)?.sha ?? "");
  const contents = await readBlobs(dir, shas);
  const marked = contents.map((content) =>
    Buffer.from(
      content
        .toString("latin1")
        .replaceAll(new RegExp(`^<{7} ${left}`, "gm"), `<<<<<<< ${latin(to.ours)}`)
        .replaceAll(new RegExp(`^>{7} ${right}`, "gm"), `>>>>>>> ${latin(to.theirs)}`),
      "latin1",
    ),
  );
  const written = await writeBlobs(dir, marked);
  conflicts.forEach(({ path }, index) => {
    const file = files.get(path);
    const sha = written[index];
    if (file && sha) files.set(path, { ...file, sha });
  });
}

const latin = (text: string) => Buffer.from(text).toString("latin1").replaceAll("$", "$$$$");
