import { isUtf8 } from "node:buffer";
import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { goldenPaths } from "@/db/schema";
import { countChanges, diffLines, hunks } from "@/lib/core/line-diff";
import type { TemplateFile, TemplateFiles } from "./archive";
import type { DraftFile, FileDiff, GoldenPathDraft } from "./contract";
import { publishedFiles, type StoredDraft, versionsOf } from "./draft-store";
import { nextVersion } from "./version-order";

const NONE: TemplateFiles = new Map();
/** Longer texts are compared as a whole. */
const MAX_COMPARED_BYTES = 1024 * 1024;

/** The draft as the contract shows it. */
export async function presentDraft(on: Connection, draft: StoredDraft): Promise<GoldenPathDraft> {
  const path = await on.query.goldenPaths.findFirst({ where: eq(goldenPaths.name, draft.name), columns: { currentVersion: true } });
  const base = await baseOf(on, draft);
  return {
    name: draft.name,
    baseVersion: draft.baseVersion,
    currentVersion: path?.currentVersion ?? null,
    suggestedVersion: nextVersion(await versionsOf(on, draft.name)),
    revision: draft.revision,
    updatedAt: draft.updatedAt.toISOString(),
    updatedBy: draft.updatedBy,
    createdAt: draft.createdAt.toISOString(),
    createdBy: draft.createdBy,
    files: fileList(draft.files, base),
  };
}

/** The files that the draft began from; none for a new path, and for one that is not there any more. */
export async function baseOf(on: Connection, { name, baseVersion }: Pick<StoredDraft, "name" | "baseVersion">): Promise<TemplateFiles> {
  const [path] = baseVersion === null ? [] : await on.select({ name: goldenPaths.name }).from(goldenPaths).where(eq(goldenPaths.name, name));
  return path && baseVersion !== null ? (await publishedFiles(on, name, baseVersion)).files : NONE;
}

/** Every file of either side, by path, with what became of it. */
export function fileList(files: TemplateFiles, base: TemplateFiles): DraftFile[] {
  const paths = [...new Set([...files.keys(), ...base.keys()])].sort();
  return paths.map((path) => {
    const [now, before] = [files.get(path), base.get(path)];
    const shown = now ?? before;
    return { path, bytes: shown?.content.length ?? 0, isText: textOf(shown) !== null, isExecutable: shown?.mode === 0o755, state: stateOf(now, before) };
  });
}

function stateOf(now: TemplateFile | undefined, before: TemplateFile | undefined): DraftFile["state"] {
  if (!before) return "added";
  if (!now) return "removed";
  return now.mode === before.mode && now.content.equals(before.content) ? "same" : "changed";
}

/** The text of a file; null for what is no text. */
export function textOf(file: TemplateFile | undefined): string | null {
  return file && !file.content.includes(0) && isUtf8(file.content) ? file.content.toString("utf8") : null;
}

/** What differs between two sets of files, file by file. */
export function compareFiles(before: TemplateFiles, after: TemplateFiles): FileDiff[] {
  return fileList(after, before)
    .filter(({ state }) => state !== "same")
    .map(({ path, state }) => ({ path, state, ...diffOf(before.get(path), after.get(path)) }));
}

function diffOf(before: TemplateFile | undefined, after: TemplateFile | undefined): Pick<FileDiff, "added" | "removed" | "hunks"> {
  const [left, right] = [before ? textOf(before) : "", after ? textOf(after) : ""];
  if (left === null || right === null || left.length + right.length > MAX_COMPARED_BYTES) return { added: 0, removed: 0, hunks: [] };
  const lines = diffLines(left, right);
  return { ...countChanges(lines), hunks: hunks(lines) };
}
