import { desc, eq } from "drizzle-orm";
import { type Connection, db } from "@/db/client";
import { goldenPathDrafts, goldenPaths, goldenPathVersions, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { can } from "@/lib/core/policy";
import type { TemplateFiles } from "./archive";
import { pathRoot } from "./archives/read-archive";
import { writeTarGz } from "./archives/tar";
import { writeZip } from "./archives/zip";
import {
  type AdminGoldenPath,
  CheckDraftInput,
  CheckFilesInput,
  CompareDraftInput,
  CompareInput,
  DraftFileInput,
  ExportInput,
  type FileDiff,
  type FileText,
  type GoldenPathVersion,
  type PathCheck,
  PathNameInput,
  VersionInput,
} from "./contract";
import { readDefinition, summarize } from "./definition";
import { applyChanges, uploadedFiles } from "./draft-changes";
import { loadDraft, publishedFiles } from "./draft-store";
import { formUse, NO_FORMS } from "./forms/days";
import { type LintResult, lintFiles } from "./lint/lint";
import { changesOf } from "./path-changes";
import { baseOf, compareFiles, fileList, presentDraft, textOf } from "./present-draft";
import { loadStepRegistry } from "./step-actions/registry";
import { sumUsage, UNUSED, usageByVersion } from "./usage";
import { compareVersions as compareVersionNumbers } from "./version-order";
import { writtenFiles } from "./written-files";

export const listAdminPaths = query({
  name: "golden-path.edit",
  summary: "All golden paths with their use, and what is being drafted.",
  input: PathNameInput.pick({}),
  subject: () => null,
  run: async (on) => {
    const [paths, drafts, versions, usage] = [await selectPaths(on), await selectDrafts(on), await selectVersions(on), await usageByVersion(on)];
    const names = [...new Set([...paths.map(({ name }) => name), ...drafts.map(({ name }) => name)])].sort();
    const items = names.map((name): AdminGoldenPath => {
      const path = paths.find((row) => row.name === name);
      const own = versions.filter((row) => row.name === name);
      const current = own.find(({ version }) => version === path?.currentVersion);
      const draft = drafts.find((row) => row.name === name);
      return {
        name,
        title: path?.title ?? name,
        isInternal: path?.isInternal ?? false,
        currentVersion: path?.currentVersion ?? null,
        concepts: current ? summarize(readDefinition(current.definition)).concepts.length : 0,
        versions: own.length,
        usage: sumUsage(own.map(({ version }) => usage.get(`${name}@${version}`) ?? UNUSED)),
        draft: draft ? { revision: draft.revision, updatedAt: draft.updatedAt.toISOString(), updatedBy: draft.by, baseVersion: draft.baseVersion } : null,
      };
    });
    return { items, nextCursor: null, total: items.length };
  },
});

const selectPaths = (on: Connection) => on.select().from(goldenPaths);
const selectDrafts = (on: Connection) =>
  on
    .select({
      name: goldenPathDrafts.name,
      revision: goldenPathDrafts.revision,
      updatedAt: goldenPathDrafts.updatedAt,
      baseVersion: goldenPathDrafts.baseVersion,
      by: users.handle,
    })
    .from(goldenPathDrafts)
    .leftJoin(users, eq(users.id, goldenPathDrafts.updatedBy));
const selectVersions = (on: Connection) =>
  on.select({ name: goldenPathVersions.name, version: goldenPathVersions.version, definition: goldenPathVersions.definition }).from(goldenPathVersions);

export const getDraft = query({
  name: "golden-path.edit",
  summary: "The draft of a path with the list of its files.",
  input: PathNameInput,
  subject: () => null,
  run: async (on, input) => presentDraft(on, await loadDraft(on, input.name)),
});

export const getDraftFile = query({
  name: "golden-path.edit",
  summary: "The text of one file of a draft, and the text it began from.",
  input: DraftFileInput,
  subject: () => null,
  run: async (on, input): Promise<FileText> => {
    const draft = await loadDraft(on, input.name);
    const [now, before] = [draft.files.get(input.path), (await baseOf(on, draft)).get(input.path)];
    if (!now && !before) throw new DomainError("not_found", `${input.path} is not in the draft of ${input.name}.`);
    return { path: input.path, text: textOf(now), bytes: now?.content.length ?? 0, baseText: textOf(before) };
  },
});

export const checkDraft = query({
  name: "golden-path.edit",
  summary: "Check a draft with texts that are not saved yet: remarks by file and line, the form, the concepts.",
  input: CheckDraftInput,
  subject: () => null,
  run: async (on, input, ctx): Promise<PathCheck> => {
    const draft = await loadDraft(on, input.name);
    const files = applyChanges(
      draft.files,
      input.unsaved.map(({ path, text }) => ({ type: "write", path, text })),
    );
    return presentCheck(await lintFiles(files, { name: input.name, now: ctx.now, registry: await loadStepRegistry(on) }), await baseOf(on, draft), files);
  },
});

export const checkFiles = query({
  name: "golden-path.read",
  summary: "Check the files of a golden path without keeping them: remarks by file and line.",
  input: CheckFilesInput,
  subject: () => null,
  run: async (_on, input, ctx): Promise<PathCheck> => {
    const files = pathRoot(uploadedFiles(input.files));
    return presentCheck(await lintFiles(files, { now: ctx.now, registry: await loadStepRegistry(db()) }), new Map(), files);
  },
});

/** Remarks and what differs, as the contract shows it. */
export function presentCheck({ findings, form, concepts, steps, formLine }: LintResult, base: TemplateFiles, files: TemplateFiles): PathCheck {
  const diffs = compareFiles(base, files);
  const sum = (key: "added" | "removed") => diffs.reduce((total, diff) => total + diff[key], 0);
  return { findings, form, concepts, steps, formLine, changes: { files: diffs.length, added: sum("added"), removed: sum("removed") } };
}

export const listVersions = query({
  name: "golden-path.read",
  summary: "The published versions of a path, newest first, with their use, and what became current when.",
  input: PathNameInput,
  subject: () => null,
  run: async (on, input, ctx) => {
    const items = await presentVersions(on, input.name, can(ctx.actor, "golden-path.edit"));
    return { items, nextCursor: null, total: items.length, changes: await changesOf(on, input.name) };
  },
});

export const getVersion = query({
  name: "golden-path.read",
  summary: "One published version with the list of its files, and of those that it writes.",
  input: VersionInput,
  subject: () => null,
  run: async (on, input, ctx) => {
    const { files, definition } = await publishedFiles(on, input.name, input.version);
    const [version] = (await presentVersions(on, input.name, can(ctx.actor, "golden-path.edit"))).filter((row) => row.version === input.version);
    if (!version) throw new DomainError("not_found", `There is no version ${input.version} of ${input.name}.`);
    return { ...version, files: fileList(files, files).map(({ state: _state, ...file }) => file), writes: writtenFiles(readDefinition(definition), files) };
  },
});

export const compareVersions = query({
  name: "golden-path.read",
  summary: "What differs between two versions of a path, file by file.",
  input: CompareInput,
  subject: () => null,
  run: async (on, input): Promise<{ from: string; to: string; files: FileDiff[] }> => {
    const [before, after] = [await publishedFiles(on, input.name, input.from), await publishedFiles(on, input.name, input.to)];
    return { from: input.from, to: input.to, files: compareFiles(before.files, after.files) };
  },
});

export const compareDraft = query({
  name: "golden-path.edit",
  summary: "What a draft changes, file by file.",
  input: CompareDraftInput,
  subject: () => null,
  run: async (on, input): Promise<{ from: string | null; files: FileDiff[] }> => {
    const draft = await loadDraft(on, input.name);
    const before = await baseOf(on, { name: input.name, baseVersion: input.with ?? draft.baseVersion });
    return { from: input.with ?? draft.baseVersion, files: compareFiles(before, draft.files) };
  },
});

export const exportPath = query({
  name: "golden-path.read",
  summary: "The files of a version as an archive: a Backstage template folder.",
  input: ExportInput,
  subject: () => null,
  run: async (on, input, ctx) => {
    // A draft is the platform team's own until it is published.
    if (input.draft) authorize(ctx, "golden-path.edit", null);
    const { version, files } = input.draft ? { version: "draft", files: (await loadDraft(on, input.name)).files } : await publishedFiles(on, input.name, input.version);
    const content = input.format === "zip" ? writeZip(files, input.name) : writeTarGz(files, input.name);
    return { fileName: `${input.name}-${version.replaceAll("+", "-")}.${input.format}`, type: input.format === "zip" ? "application/zip" : "application/gzip", content };
  },
});

async function presentVersions(on: Connection, name: string, withForms: boolean): Promise<GoldenPathVersion[]> {
  const rows = await on
    .select({ version: goldenPathVersions, by: users.handle, current: goldenPaths.currentVersion })
    .from(goldenPathVersions)
    .innerJoin(goldenPaths, eq(goldenPaths.name, goldenPathVersions.name))
    .leftJoin(users, eq(users.id, goldenPathVersions.publishedBy))
    .where(eq(goldenPathVersions.name, name))
    .orderBy(desc(goldenPathVersions.createdAt));
  if (rows.length === 0) throw new DomainError("not_found", `There is no golden path "${name}".`);
  const [usage, forms] = [await usageByVersion(on), withForms ? await formUse(on) : null];
  const ordered = rows.sort((a, b) => compareVersionNumbers(b.version.version, a.version.version));
  return ordered.map(({ version: row, by, current }) => ({
    name,
    version: row.version,
    isCurrent: row.version === current,
    note: row.note,
    publishedBy: by,
    publishedAt: row.createdAt.toISOString(),
    concepts: summarize(readDefinition(row.definition)).concepts.length,
    usage: usage.get(`${name}@${row.version}`) ?? UNUSED,
    forms: forms && (forms.get(`${name}@${row.version}`) ?? NO_FORMS),
  }));
}
