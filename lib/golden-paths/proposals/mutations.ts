import { and, count, eq, inArray } from "drizzle-orm";
import { type Connection, db } from "@/db/client";
import { goldenPathProposals, teams } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { packFiles } from "../archive";
import { applyChanges } from "../draft-changes";
import { isSameSitting, publishedFiles, requireRevision } from "../draft-store";
import { owningTeam } from "../owning-team";
import { baseOf } from "../present-draft";
import { publishable } from "../publishable";
import { CommentInput, DescribeProposalInput, ProposalMoveInput, SaveProposalInput, StartProposalInput, SubmitProposalInput, UpdateProposalInput } from "./contract";
import { conflictWords, mergeFiles } from "./merge-files";
import { noticeParticipants, noticeReviewers } from "./notices";
import { readProposalDetail } from "./present";
import { findProposal, readProposalScope, requireMove, type StoredProposal, tell, writeProposal } from "./store";

/** More at once are hardly read by anybody. */
const MAX_OPEN = 20;

const target = (proposal: { id: string; title: string }) => ({ type: "golden-path-proposal", id: proposal.id, label: proposal.title });
const scope = (on: Connection, input: { id: string }) => readProposalScope(on, input.id);
const handleOf = ({ actor }: Ctx) => (actor.type === "user" ? actor.handle : "Waymark");

export const startProposal = mutation({
  name: "golden-path.propose",
  summary: "Begin a proposed change to a published golden path: a draft of your own, which the platform team sees once you submit it.",
  input: StartProposalInput,
  subject: async (on, input, ctx) => {
    const team = await owningTeam(on, { team: input.team, owner: undefined }, ctx);
    return { teamId: team.id, team };
  },
  run: async (tx, input, ctx, { team }) => {
    if (ctx.actor.type !== "user") throw new DomainError("forbidden", "Only people propose changes.");
    const { version, files } = await publishedFiles(tx, input.goldenPath);
    await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, team.id)).for("update");
    const [open] = await tx
      .select({ n: count() })
      .from(goldenPathProposals)
      .where(and(eq(goldenPathProposals.teamId, team.id), inArray(goldenPathProposals.status, ["draft", "submitted", "changes-requested"])));
    if ((open?.n ?? 0) >= MAX_OPEN) throw new DomainError("conflict", `Team ${team.name} has ${open?.n} open proposals. Withdraw one that is not needed any more first.`);
    const id = newId("pathProposal", ctx.now.getTime());
    await tx.insert(goldenPathProposals).values({
      id,
      name: input.goldenPath,
      baseVersion: version,
      archive: packFiles(files),
      title: input.title,
      reason: input.reason,
      status: "draft",
      authorId: ctx.actor.id,
      teamId: team.id,
      updatedBy: ctx.actor.id,
      updatedAt: ctx.now,
      createdAt: ctx.now,
    });
    await tell(tx, ctx, id, "began");
    return readProposalDetail(tx, id);
  },
  audit: (input, proposal) => ({ target: target(proposal), detail: { goldenPath: input.goldenPath, from: proposal.baseVersion } }),
});

export const describeProposal = mutation({
  name: "golden-path.edit-proposal",
  summary: "Change the title and the reason of a proposed change.",
  input: DescribeProposalInput,
  subject: scope,
  run: async (tx, { id, title, reason }, ctx) => {
    await requireMove(tx, await findProposal(tx, id, true), "save");
    await tx.update(goldenPathProposals).set({ title, reason, updatedAt: ctx.now }).where(eq(goldenPathProposals.id, id));
    return readProposalDetail(tx, id);
  },
  audit: (_input, proposal) => ({ target: target(proposal), detail: { described: proposal.title } }),
});

export const saveProposal = mutation({
  name: "golden-path.edit-proposal",
  summary: "Save changed, renamed and deleted files of a proposed change. Refused when somebody else saved in between, and once it is submitted.",
  input: SaveProposalInput,
  subject: scope,
  run: async (tx, input, ctx) => {
    const before = await findProposal(tx, input.id, true);
    await requireMove(tx, before, "save");
    requireRevision(before, input.revision, ctx.now);
    await writeProposal(tx, ctx, before, { files: applyChanges(before.files, input.changes) });
    const { draft, ...proposal } = await readProposalDetail(tx, input.id);
    return { draft, proposal, isSitting: isSameSitting(before, ctx) };
  },
  audit: (input, { proposal, isSitting }) =>
    isSitting && input.changes.every(({ type }) => type === "write") ? null : { target: target(proposal), detail: { revision: input.revision + 1 } },
});

export const submitProposal = mutation({
  name: "golden-path.edit-proposal",
  summary: "Ask the platform team to review a proposed change.",
  input: SubmitProposalInput,
  subject: scope,
  run: async (tx, input, ctx) => {
    const proposal = await findProposal(tx, input.id, true);
    const status = await requireMove(tx, proposal, "submit");
    requireRevision(proposal, input.revision, ctx.now);
    requirePath(proposal);
    const base = await baseOf(tx, proposal);
    if (packFiles(base).equals(packFiles(proposal.files)))
      throw new DomainError("invalid", `Nothing differs from ${proposal.name} ${proposal.baseVersion} yet. Change something first.`);
    await publishable(tx, proposal.files, proposal.name, ctx.now, "submitted");
    await writeProposal(tx, ctx, proposal, { status, submittedAt: ctx.now });
    await tell(tx, ctx, input.id, "submitted", input.comment);
    await noticeReviewers(tx, ctx, proposal, handleOf(ctx));
    return readProposalDetail(tx, input.id);
  },
  audit: (_input, proposal) => ({ target: target(proposal), detail: { submitted: `revision ${proposal.revision}` } }),
});

const move = (name: "withdraw" | "reopen", kind: "withdrawn" | "reopened", summary: string) =>
  mutation({
    name: "golden-path.edit-proposal",
    summary,
    input: ProposalMoveInput,
    subject: scope,
    run: async (tx, input, ctx) => {
      const proposal = await findProposal(tx, input.id, true);
      const status = await requireMove(tx, proposal, name);
      await writeProposal(tx, ctx, proposal, { status });
      await tell(tx, ctx, input.id, kind, input.comment);
      return readProposalDetail(tx, input.id);
    },
    audit: (_input, proposal) => ({ target: target(proposal), detail: { status: proposal.status } }),
  });

export const withdrawProposal = move("withdraw", "withdrawn", "Withdraw a proposed change about which nothing was decided yet.");
export const reopenProposal = move("reopen", "reopened", "Take a submitted, declined or withdrawn proposal back to work on it.");

export const commentProposal = mutation({
  name: "golden-path.comment",
  summary: "Say something about a proposed change.",
  input: CommentInput,
  subject: scope,
  run: async (tx, { id, comment }, ctx) => {
    const proposal = await findProposal(tx, id, true);
    await tell(tx, ctx, id, "commented", comment);
    await noticeParticipants(tx, ctx, proposal, handleOf(ctx), comment);
    return readProposalDetail(tx, id);
  },
  audit: (_input, proposal) => ({ target: target(proposal), detail: { commented: true } }),
});

export const updateProposal = mutation({
  name: "golden-path.edit-proposal",
  summary: "Bring a proposed change up to the current version of its path. Lines that both changed get markers, to be settled before it is submitted.",
  input: UpdateProposalInput,
  subject: scope,
  prepare: async ({ id, revision }, ctx) => {
    const proposal = await findProposal(db(), id);
    requireRevision(proposal, revision, ctx.now);
    requirePath(proposal);
    const current = await publishedFiles(db(), proposal.name);
    const labels = { ours: "this proposal", theirs: `${proposal.name} ${current.version}` };
    return { version: current.version, ...(await mergeFiles({ base: await baseOf(db(), proposal), ours: proposal.files, theirs: current.files }, labels)) };
  },
  run: async (tx, { id, revision }, ctx, _scope, { version, files, conflicts }) => {
    const proposal = await findProposal(tx, id, true);
    await requireMove(tx, proposal, "save");
    requireRevision(proposal, revision, ctx.now);
    if (proposal.baseVersion === version) throw new DomainError("conflict", `The proposal is up to date with ${proposal.name} ${version} already.`);
    await writeProposal(tx, ctx, proposal, { files, baseVersion: version });
    await tell(tx, ctx, id, "updated", conflicts.length > 0 ? `To ${version}, with conflicts: ${conflictWords(conflicts)}` : `To ${version}, without conflicts`);
    return { ...(await readProposalDetail(tx, id)), conflicts };
  },
  audit: (_input, proposal) => ({ target: target(proposal), detail: { baseVersion: proposal.baseVersion, conflicts: proposal.conflicts.length } }),
});

/** Throws conflict once the path itself is gone. */
export function requirePath(proposal: StoredProposal): string {
  const { currentVersion } = proposal.shown;
  if (currentVersion !== null) return currentVersion;
  throw new DomainError("conflict", `The golden path ${proposal.name} is not there any more, so nothing can be proposed about it. The text of the proposal stays here.`);
}
