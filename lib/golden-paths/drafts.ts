import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPathDrafts, goldenPaths } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { packFiles, type TemplateFiles } from "./archive";
import { pathRoot } from "./archives/read-archive";
import { readGitTemplate } from "./archives/read-git";
import { DiscardDraftInput, type GoldenPathDraft, ImportDraftInput, PathNameInput, SaveDraftInput, StartDraftInput } from "./contract";
import { applyChanges, uploadedFiles } from "./draft-changes";
import { findDraft, isSameSitting, loadDraft, personOf, publishedFiles, requireRevision } from "./draft-store";
import { examplePath } from "./example";
import { nameInTemplate } from "./lint/template-source";
import { presentDraft } from "./present-draft";
import { proposalsReturned } from "./proposals/follow";

const target = (name: string) => ({ type: "golden-path", id: name, label: name });

export const startDraft = mutation({
  name: "golden-path.edit",
  summary: "Begin a draft: from a published version, or a new path from a small working example.",
  input: StartDraftInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const exists = await tx.query.goldenPaths.findFirst({ where: eq(goldenPaths.name, input.name), columns: { name: true } });
    if (input.from === "example") {
      if (exists) throw conflict("name", `The golden path ${input.name} is there already. Edit it, or choose another name.`);
      return insertDraft(tx, ctx, input.name, { baseVersion: null, files: examplePath(input.name) });
    }
    const { version, files } = await publishedFiles(tx, input.name, input.version);
    return insertDraft(tx, ctx, input.name, { baseVersion: version, files });
  },
  audit: (input, draft) => ({ target: target(input.name), detail: { began: input.from === "example" ? "from the example" : `from ${draft.baseVersion}` } }),
});

export const importDraft = mutation({
  name: "golden-path.edit",
  summary: "Begin a draft from the files of a Backstage template: of the path that template.yaml names, or of a new one.",
  input: ImportDraftInput,
  subject: () => null,
  // A repository takes seconds to arrive: not while a transaction is open.
  prepare: async ({ files, git }) => (git ? readGitTemplate(git) : (files ?? [])),
  run: async (tx, input, ctx, _subject, sent) => {
    const files = pathRoot(uploadedFiles(sent));
    const name = input.name ?? nameInTemplate(files);
    const path = await tx.query.goldenPaths.findFirst({ where: eq(goldenPaths.name, name), columns: { currentVersion: true } });
    if (input.replaceRevision === undefined) return insertDraft(tx, ctx, name, { baseVersion: path?.currentVersion ?? null, files });
    const draft = await loadDraft(tx, name, true);
    requireRevision(draft, input.replaceRevision, ctx.now);
    return writeDraft(tx, ctx, draft, files);
  },
  audit: ({ git }, draft) => ({ target: target(draft.name), detail: { began: git ? `from ${git.url}` : "from an import", files: draft.files.length } }),
});

export const saveDraft = mutation({
  name: "golden-path.edit",
  summary: "Save changed, renamed and deleted files of a draft. Refused when somebody else saved in between.",
  input: SaveDraftInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const before = await loadDraft(tx, input.name, true);
    requireRevision(before, input.revision, ctx.now);
    const draft = await writeDraft(tx, ctx, before, applyChanges(before.files, input.changes));
    return { draft, isSitting: isSameSitting(before, ctx) };
  },
  audit: (input, { isSitting }) => {
    const moves = input.changes.filter(({ type }) => type !== "write");
    if (isSitting && moves.length === 0) return null;
    return { target: target(input.name), detail: { revision: input.revision + 1, changes: input.changes.slice(0, 20).map(describeChange) } };
  },
});

export const discardDraft = mutation({
  name: "golden-path.edit",
  summary: "Throw a draft away.",
  input: DiscardDraftInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const draft = await loadDraft(tx, input.name, true);
    requireRevision(draft, input.revision, ctx.now);
    await deleteDraft(tx, input.name);
    await proposalsReturned(tx, ctx, input.name);
    return { name: input.name };
  },
  audit: (input) => ({ target: target(input.name), detail: { discarded: `revision ${input.revision}` } }),
});

export async function deleteDraft(tx: Tx, name: string): Promise<void> {
  await tx.delete(goldenPathDrafts).where(eq(goldenPathDrafts.name, name));
}

async function insertDraft(tx: Tx, ctx: Ctx, name: string, content: { baseVersion: string | null; files: TemplateFiles }): Promise<GoldenPathDraft> {
  PathNameInput.shape.name.parse(name);
  const person = personOf(ctx);
  const [row] = await tx
    .insert(goldenPathDrafts)
    .values({ name, baseVersion: content.baseVersion, archive: packFiles(content.files), createdBy: person, createdAt: ctx.now, updatedBy: person, updatedAt: ctx.now })
    .onConflictDoNothing()
    .returning({ name: goldenPathDrafts.name });
  if (row) return presentDraft(tx, await loadDraft(tx, name));
  const other = await findDraft(tx, name);
  throw conflict("name", `There is a draft of ${name} already, last saved by ${other?.updatedBy ?? "somebody"}. Continue it, or discard it first.`);
}

async function writeDraft(tx: Tx, ctx: Ctx, draft: { name: string; revision: number }, files: TemplateFiles): Promise<GoldenPathDraft> {
  await tx
    .update(goldenPathDrafts)
    .set({ archive: packFiles(files), revision: draft.revision + 1, updatedBy: personOf(ctx), updatedAt: ctx.now })
    .where(eq(goldenPathDrafts.name, draft.name));
  return presentDraft(tx, await loadDraft(tx, draft.name));
}

function describeChange(change: { type: string; path?: string; from?: string; to?: string }): string {
  return change.type === "rename" ? `renamed ${change.from} to ${change.to}` : `${change.type === "write" ? "wrote" : "deleted"} ${change.path}`;
}

function conflict(path: string, message: string): DomainError {
  return new DomainError("conflict", message, { fields: [{ path, message }] });
}
