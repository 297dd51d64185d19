import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureBareRepository } from "@/lib/git/bare";
import { readBlobs, type TreeFiles, writeBlobs } from "@/lib/git/trees";
import type { TemplateFile, TemplateFiles } from "../archive";
import { mergeThreeWay } from "../upgrade/three-way";

export interface MergedFiles {
  files: TemplateFiles;
  /** What both sides changed: with markers in the file, or ours where only a choice is in question. */
  conflicts: { path: string; why: string }[];
}

const WHY = {
  contents: "both changed the same lines",
  "stays-deleted": "one side deleted what the other changed",
  "stays-yours": "both changed it and it cannot be merged",
} as const;

const isSame = (a: TemplateFile | undefined, b: TemplateFile | undefined) => a?.mode === b?.mode && (a === b || Boolean(a && b && a.content.equals(b.content)));

/** Merges two changes of the files of a golden path. Files that one side left alone are the other's; git merges the rest. The same input gives the same files. */
export async function mergeFiles({ base, ours, theirs }: Record<"base" | "ours" | "theirs", TemplateFiles>, labels: { ours: string; theirs: string }): Promise<MergedFiles> {
  const files: TemplateFiles = new Map(ours);
  const contested: string[] = [];
  for (const name of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const [before, mine, other] = [base.get(name), ours.get(name), theirs.get(name)];
    if (isSame(mine, other) || isSame(before, other)) continue;
    if (!isSame(before, mine)) contested.push(name);
    else if (other) files.set(name, other);
    else files.delete(name);
  }
  if (contested.length === 0) return { files, conflicts: [] };
  const dir = await mkdtemp(path.join(tmpdir(), "waymark-merge-"));
  try {
    await ensureBareRepository(dir, "main");
    const [left, middle, right] = [await treeOf(dir, ours, contested), await treeOf(dir, base, contested), await treeOf(dir, theirs, contested)];
    const merged = await mergeThreeWay(dir, { base: middle, ours: left, theirs: right, isKept: () => false, labels });
    for (const name of contested) files.delete(name);
    const contents = await readBlobs(
      dir,
      [...merged.files.values()].map(({ sha }) => sha),
    );
    [...merged.files].forEach(([name, { mode }], index) => {
      files.set(name, { mode: mode === "100755" ? 0o755 : 0o644, content: contents[index] ?? Buffer.alloc(0) });
    });
    const conflicts = [
      ...merged.conflicts.map(({ path: name }) => ({ path: name, why: WHY.contents })),
      ...merged.notes.map(({ path: name, kind }) => ({ path: name, why: WHY[kind] })),
    ];
    return { files, conflicts };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function treeOf(dir: string, files: TemplateFiles, names: string[]): Promise<TreeFiles> {
  const there = names.flatMap((name) => {
    const file = files.get(name);
    return file ? [[name, file] as const] : [];
  });
  const shas = await writeBlobs(
    dir,
    there.map(([, { content }]) => content),
  );
  return new Map(there.map(([name, { mode }], index) => [name, { mode: mode === 0o755 ? "100755" : "100644", sha: shas[index] ?? "" }]));
}

/** "a.txt (both changed the same lines), b.txt (…)". */
export function conflictWords(conflicts: MergedFiles["conflicts"]): string {
  const shown = conflicts.slice(0, 5).map(({ path: name, why }) => `${name} (${why})`);
  return `${shown.join(", ")}${conflicts.length > shown.length ? ` and ${conflicts.length - shown.length} more` : ""}`;
}
