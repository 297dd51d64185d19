import { commitTree, readBlobs, readTreeFiles, type TreeFiles, writeBlobs, writeTree } from "@/lib/git/trees";
import { renderer } from "../engine/renderer";
import { type LeftConcern, PROVENANCE_FILE, type StoredProvenance, upgradedProvenance } from "../provenance";
import { type RenderInput, renderTree } from "./render-tree";
import { type MergedTree, mergeThreeWay } from "./three-way";

export interface UpgradeSpec {
  /** The bare repository, or a copy of it. */
  dir: string;
  branch: string;
  /** Newest commit of the default branch. */
  head: string;
  provenance: StoredProvenance;
  from: RenderInput;
  to: RenderInput;
  /** When the new version was published: the commit's date, so that the same upgrade is the same commit. */
  publishedAt: Date;
  /** What the team took into its own hands. */
  ejected: LeftConcern[];
  /** What it gives back with this upgrade, with the version each came from. */
  rejoined: { files: string[]; from: RenderInput }[];
}

export interface Upgrade {
  commit: string;
  /** Nothing to propose: the branch has all of it. */
  isEmpty: boolean;
  changed: string[];
  conflicts: MergedTree["conflicts"];
  notes: MergedTree["notes"];
  /** Files of the new version that were left alone because the team keeps them. */
  kept: string[];
}

const AUTHOR = { name: "Waymark", email: "waymark@localhost" };

/** Computes the commit that brings a repository to another version of its golden path; no branch moves. Repeated, it gives the same commit. */
export async function computeUpgrade(spec: UpgradeSpec, signal: AbortSignal): Promise<Upgrade> {
  const { dir, head, from, to, provenance } = spec;
  const [ours, before, theirs] = await Promise.all([readTreeFiles(dir, head), renderTree(dir, from, signal), renderTree(dir, to, signal)]);
  const base = await withRejoined(spec, before, ours, signal);
  const all = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])];
  const left = new Set(await matching(all, [...provenance.keep, ...spec.ejected.flatMap(({ files }) => files)], signal));
  const isKept = (path: string) => path === PROVENANCE_FILE || left.has(path);
  const labels = { ours: spec.branch, theirs: `${to.goldenPath.name} ${to.goldenPath.version}` };
  const merged = await mergeThreeWay(dir, { base, ours, theirs, isKept, labels }, signal);
  await writeRecord(spec, ours, merged.files, signal);
  const changed = [...new Set([...ours.keys(), ...merged.files.keys()])].filter((path) => !isSame(ours.get(path), merged.files.get(path))).sort();
  const tree = await writeTree(dir, merged.files, signal);
  const message = `Upgrade ${to.goldenPath.name} from ${from.goldenPath.version} to ${to.goldenPath.version}\n`;
  const commit = await commitTree(dir, { tree, parents: [head], author: AUTHOR, message, at: spec.publishedAt }, signal);
  const kept = [...left].filter((path) => !isSame(base.get(path), theirs.get(path))).sort();
  return { commit, isEmpty: changed.length === 0, changed, conflicts: merged.conflicts, notes: merged.notes, kept };
}

const isSame = (a: { mode: string; sha: string } | undefined, b: { mode: string; sha: string } | undefined) => a?.sha === b?.sha && a?.mode === b?.mode;

/** The base of what comes back is the version it left at; what the team deleted since comes back whole. */
async function withRejoined({ dir, rejoined }: UpgradeSpec, before: TreeFiles, ours: TreeFiles, signal: AbortSignal): Promise<TreeFiles> {
  const base = new Map(before);
  for (const { files, from } of rejoined) {
    const then = await renderTree(dir, from, signal);
    for (const path of await matching([...new Set([...before.keys(), ...then.keys()])], files, signal)) {
      const file = ours.has(path) ? then.get(path) : undefined;
      if (file) base.set(path, file);
      else base.delete(path);
    }
  }
  return base;
}

/** The record of where the repository comes from is never merged: the new version is what the upgrade is about. */
async function writeRecord({ dir, to, ejected }: UpgradeSpec, ours: TreeFiles, files: TreeFiles, signal: AbortSignal): Promise<void> {
  const file = ours.get(PROVENANCE_FILE);
  const [text] = await readBlobs(dir, file ? [file.sha] : []);
  if (!file || !text) throw new Error(`the repository has no ${PROVENANCE_FILE}`);
  const [sha = ""] = await writeBlobs(dir, [Buffer.from(upgradedProvenance(text.toString("utf8"), { version: to.goldenPath.version, answers: to.values, ejected }))], signal);
  files.set(PROVENANCE_FILE, { ...file, sha });
}

/** Paths that one of the patterns means; asked in the template thread, where a slow pattern holds up nobody. */
async function matching(paths: string[], patterns: string[], signal: AbortSignal): Promise<string[]> {
  if (patterns.length === 0) return [];
  return (await renderer().ask("match", { paths, patterns }, { signal })).selected;
}
