import { and, eq } from "drizzle-orm";
import { goldenPathDrafts, goldenPathTestRuns } from "@/db/schema";
import { query } from "@/lib/core/operation";
import { PathNameInput } from "@/lib/golden-paths/contract";
import { readProposalScope } from "@/lib/golden-paths/queries";
import { ProposalTestsInput } from "./contract";
import { readTestRuns } from "./read";

export const listDraftTests = query({
  name: "golden-path.edit",
  summary: "The test runs of the draft of a path, newest first.",
  input: PathNameInput,
  subject: () => null,
  run: async (on, { name }) => {
    const [draft] = await on.select({ createdAt: goldenPathDrafts.createdAt }).from(goldenPathDrafts).where(eq(goldenPathDrafts.name, name));
    const items = draft
      ? await readTestRuns(on, and(eq(goldenPathTestRuns.name, name), eq(goldenPathTestRuns.source, "draft"), eq(goldenPathTestRuns.draftCreatedAt, draft.createdAt)))
      : [];
    return { items, nextCursor: null, total: items.length };
  },
});

export const listProposalTests = query({
  name: "golden-path.read-proposal",
  summary: "The test runs of a proposed change, newest first.",
  input: ProposalTestsInput,
  subject: (on, input) => readProposalScope(on, input.id),
  run: async (on, { id }) => {
    const items = await readTestRuns(on, eq(goldenPathTestRuns.proposalId, id));
    return { items, nextCursor: null, total: items.length };
  },
});
