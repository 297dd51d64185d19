import type { Connection } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { authorize } from "@/lib/core/operation";
import { typedAnswers } from "@/lib/core/text-answers";
import { packFiles, type TemplateFiles } from "../archive";
import { pathRoot } from "../archives/read-archive";
import type { UploadedFile } from "../contract";
import { pagesOf } from "../definition";
import { uploadedFiles } from "../draft-changes";
import { loadDraft, requireRevision } from "../draft-store";
import { nameInTemplate } from "../lint/template-source";
import { pathOf } from "../load-version";
import { findProposal } from "../proposals/store";
import { publishable } from "../publishable";
import { sampleAnswers } from "../sample-answers";

/** What a trial is made of. */
export interface TestedFiles {
  name: string;
  source: "draft" | "proposal" | "files";
  draftCreatedAt: Date | null;
  proposalId: string | null;
  revision: number | null;
  files: TemplateFiles;
}

/** The draft as it is now. Throws forbidden for others than the platform team, and conflict when it is not what the person saw. */
export async function draftToTest(on: Connection, { name, revision }: { name: string; revision: number }, ctx: Ctx): Promise<TestedFiles> {
  authorize(ctx, "golden-path.edit", null);
  const draft = await loadDraft(on, name);
  requireRevision(draft, revision, ctx.now);
  return { name, source: "draft", draftCreatedAt: draft.createdAt, proposalId: null, revision, files: draft.files };
}

/** A proposal as it is now. Throws not_found for those who may not see it, and conflict when it is not what the person saw. */
export async function proposalToTest(on: Connection, { id, revision }: { id: string; revision: number }, ctx: Ctx): Promise<TestedFiles> {
  const proposal = await findProposal(on, id);
  authorize(ctx, "golden-path.read-proposal", { teamId: proposal.teamId, ownerId: proposal.authorId });
  requireRevision(proposal, revision, ctx.now);
  return { name: proposal.name, source: "proposal", draftCreatedAt: null, proposalId: id, revision, files: proposal.files };
}

/** Files as they were sent. Throws invalid for hostile names and for what names no path. */
export function sentToTest(sent: UploadedFile[]): TestedFiles {
  const files = pathRoot(uploadedFiles(sent));
  return { name: nameInTemplate(files), source: "files", draftCreatedAt: null, proposalId: null, revision: null, files };
}

/** The path that these files are, and its answers: the given ones, else sample answers. Throws invalid with everything that stops it from being published. */
export async function testedPath(on: Connection, { name, files }: TestedFiles, given: Record<string, unknown>, ctx: Ctx) {
  const definition = await publishable(on, files, name, ctx.now, "tried");
  const path = pathOf({ name, version: "draft", definition, archive: packFiles(files) });
  return { path, values: await path.validateValues({ ...sampleAnswers(definition), ...typedAnswers(given, pagesOf(definition)) }, {}) };
}
