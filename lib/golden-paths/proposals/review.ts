import { eq } from "drizzle-orm";
import { type Connection, db, type Tx } from "@/db/client";
import { goldenPathDrafts } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { packFiles } from "../archive";
import { findDraft, personOf, publishedFiles, requireRevision } from "../draft-store";
import { baseOf } from "../present-draft";
import { lockPath } from "../publish";
import { publishNow } from "../versions";
import { ReviewInput } from "./contract";
import { conflictWords, type MergedFiles, mergeFiles } from "./merge-files";
import { requirePath } from "./mutations";
import { noticeAuthor } from "./notices";
import { readProposalDetail } from "./present";
import { findProposal, readProposalScope, requireMove, type StoredProposal, tell, writeProposal } from "./store";

type Input = typeof ReviewInput._output;

/** The accepted files on top of what they go into, and what that was: it must be the same when they are written. */
interface Accepted extends MergedFiles {
  onto: { version: string; draftRevision: number | null };
}

export const reviewProposal = mutation({
  name: "golden-path.review",
  summary: "Decide about a proposed change: ask for changes, decline it with a reason, or accept it into the draft or as a new version.",
  input: ReviewInput,
  subject: (on: Connection, input) => readProposalScope(on, input.id),
  prepare: async (input) => (input.decision === "accept" ? acceptedFiles(input) : null),
  run: async (tx, input, ctx, _scope, accepted) => {
    const name = (await findProposal(tx, input.id)).name;
    // The path before the proposal, as publishing locks them.
    await lockPath(tx, name);
    const proposal = await findProposal(tx, input.id, true);
    const status = await requireMove(tx, proposal, input.decision);
    requireRevision(proposal, input.revision, ctx.now);
    const version = accepted ? await accept(tx, ctx, proposal, input, accepted) : null;
    await writeProposal(tx, ctx, proposal, { status, ...(version ? { publishedVersion: version } : {}) });
    await tell(tx, ctx, input.id, status === "accepted" ? "accepted" : status === "declined" ? "declined" : "changes-requested", input.comment);
    if (version) await tell(tx, ctx, input.id, "published", version);
    await noticeAuthor(tx, ctx, proposal, { title: titleFor(proposal, input.decision, version), body: input.comment });
    return { ...(await readProposalDetail(tx, input.id)), conflicts: accepted?.conflicts ?? [] };
  },
  audit: (input, proposal) => ({
    target: { type: "golden-path-proposal", id: proposal.id, label: proposal.title },
    detail: { decision: input.decision, goldenPath: proposal.goldenPath, version: proposal.publishedVersion, comment: input.comment.slice(0, 300) },
  }),
});

function titleFor({ title, name }: StoredProposal, decision: Input["decision"], version: string | null): string {
  if (decision === "decline") return `“${title}” was declined`;
  if (decision === "ask-for-changes") return `The platform team asks for changes of “${title}”`;
  return version ? `“${title}” is published with ${name} ${version}` : `“${title}” was accepted into the draft of ${name}`;
}

async function acceptedFiles({ id, publish }: Input): Promise<Accepted> {
  const proposal = await findProposal(db(), id);
  requirePath(proposal);
  const current = await publishedFiles(db(), proposal.name);
  // What is published at once must not take along what the platform team is working on.
  const draft = publish ? null : await findDraft(db(), proposal.name);
  const labels = { ours: draft ? "the draft" : `${proposal.name} ${current.version}`, theirs: `proposal: ${proposal.title}` };
  const merged = await mergeFiles({ base: await baseOf(db(), proposal), ours: draft?.files ?? current.files, theirs: proposal.files }, labels);
  return { ...merged, onto: { version: current.version, draftRevision: draft?.revision ?? null } };
}

async function accept(tx: Tx, ctx: Ctx, proposal: StoredProposal, input: Input, { files, conflicts, onto }: Accepted): Promise<string | null> {
  const current = requirePath(proposal);
  const draft = input.publish ? null : await findDraft(tx, proposal.name, true);
  if (current !== onto.version || (draft?.revision ?? null) !== onto.draftRevision)
    throw new DomainError("conflict", `${proposal.name} changed while this was being decided. Look at the differences again, then decide.`);
  if (conflicts.length > 0 && input.conflicts === "refuse") throw refuseConflicts(proposal, draft ? "the draft" : current, conflicts);
  if (input.publish) {
    const { version, note } = input.publish;
    await publishNow(tx, ctx, { name: proposal.name, files, version, note, replaces: current });
    return version;
  }
  const content = { archive: packFiles(files), updatedBy: personOf(ctx), updatedAt: ctx.now };
  if (draft)
    await tx
      .update(goldenPathDrafts)
      .set({ ...content, revision: draft.revision + 1 })
      .where(eq(goldenPathDrafts.name, proposal.name));
  else await tx.insert(goldenPathDrafts).values({ name: proposal.name, baseVersion: current, ...content, createdBy: personOf(ctx), createdAt: ctx.now });
  return null;
}

function refuseConflicts(proposal: StoredProposal, against: string, conflicts: MergedFiles["conflicts"]): DomainError {
  const message = `The proposal began from ${proposal.baseVersion} and does not fit ${against}: ${conflictWords(conflicts)}. Ask the author to bring it up to date, or take it into the draft with markers and settle it there.`;
  return new DomainError("conflict", message, { fields: conflicts.slice(0, 50).map(({ path, why }) => ({ path, message: why })) });
}
