import { and, eq, inArray, sql } from "drizzle-orm";
import { goldenPathProposals } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { teamsWithin } from "@/lib/core/policy";
import type { FileDiff, FileText, PathCheck } from "../contract-editing";
import { applyChanges } from "../draft-changes";
import { dryRunFiles } from "../dry-run";
import { presentCheck } from "../editor-queries";
import { lintFiles } from "../lint/lint";
import { baseOf, compareFiles, textOf } from "../present-draft";
import { loadStepRegistry } from "../step-actions/registry";
import { CheckProposalInput, DryRunProposalInput, ProposalFileInput, ProposalInput, ProposalListInput } from "./contract";
import { readProposalDetail } from "./present";
import { findProposal, readProposalScope, readProposals } from "./store";

const scope = (on: Parameters<typeof readProposalScope>[0], input: { id: string }) => readProposalScope(on, input.id);

/** Proposals of the teams that one may look into. */
function visible(ctx: Ctx) {
  const reach = teamsWithin(ctx.actor, "golden-path.read-proposal");
  return reach === "all" ? undefined : reach.length > 0 ? inArray(goldenPathProposals.teamId, reach) : sql`false`;
}

export const listProposals = query({
  name: "golden-path.read",
  summary: "Proposed changes to golden paths that you may see: your teams', and for platform admins all of them.",
  input: ProposalListInput,
  subject: () => null,
  run: async (on, { goldenPath, status, scope: whose, limit }, ctx) => {
    const mine = whose === "mine" ? eq(goldenPathProposals.authorId, ctx.actor.type === "user" ? ctx.actor.id : "") : undefined;
    const where = and(visible(ctx), mine, goldenPath ? eq(goldenPathProposals.name, goldenPath) : undefined, status ? eq(goldenPathProposals.status, status) : undefined);
    return { ...(await readProposals(on, where, limit)), nextCursor: null };
  },
});

export const getProposal = query({
  name: "golden-path.read-proposal",
  summary: "One proposed change with the list of its files and what happened to it.",
  input: ProposalInput,
  subject: scope,
  run: (on, { id }) => readProposalDetail(on, id),
});

export const getProposalFile = query({
  name: "golden-path.read-proposal",
  summary: "The text of one file of a proposed change, and the text it began from.",
  input: ProposalFileInput,
  subject: scope,
  run: async (on, input): Promise<FileText> => {
    const proposal = await findProposal(on, input.id);
    const [now, before] = [proposal.files.get(input.path), (await baseOf(on, proposal)).get(input.path)];
    if (!now && !before) throw new DomainError("not_found", `${input.path} is not in the proposal.`);
    return { path: input.path, text: textOf(now), bytes: now?.content.length ?? 0, baseText: textOf(before) };
  },
});

const written = (unsaved: { path: string; text: string }[]) => unsaved.map(({ path, text }) => ({ type: "write" as const, path, text }));

export const checkProposal = query({
  name: "golden-path.read-proposal",
  summary: "Check a proposed change with texts that are not saved yet: remarks by file and line, the form, the concepts.",
  input: CheckProposalInput,
  subject: scope,
  run: async (on, { id, unsaved }, ctx): Promise<PathCheck> => {
    const proposal = await findProposal(on, id);
    const files = applyChanges(proposal.files, written(unsaved));
    return presentCheck(await lintFiles(files, { name: proposal.name, now: ctx.now, registry: await loadStepRegistry(on) }), await baseOf(on, proposal), files);
  },
});

export const dryRunProposal = query({
  name: "golden-path.read-proposal",
  summary: "Run a proposed change with the given answers into a folder that is thrown away.",
  input: DryRunProposalInput,
  subject: scope,
  run: async (on, { id, unsaved, values }, ctx) => dryRunFiles(applyChanges((await findProposal(on, id)).files, written(unsaved)), values, ctx),
});

export const compareProposal = query({
  name: "golden-path.read-proposal",
  summary: "What a proposed change changes in the version it began from, file by file.",
  input: ProposalInput,
  subject: scope,
  run: async (on, { id }): Promise<{ from: string; files: FileDiff[] }> => {
    const proposal = await findProposal(on, id);
    return { from: proposal.baseVersion, files: compareFiles(await baseOf(on, proposal), proposal.files) };
  },
});

export const proposalScope = query({
  name: "golden-path.read-proposal",
  summary: "Whose a proposed change is, for asking what the reader may do with it.",
  input: ProposalInput,
  subject: scope,
  run: async (on, { id }) => readProposalScope(on, id),
});
