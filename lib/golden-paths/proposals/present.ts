import type { Connection } from "@/db/client";
import { presentDraft } from "../present-draft";
import type { ProposalDetail } from "./contract";
import { findProposal, readEvents } from "./store";

/** One proposal with its files' list and what happened. Throws not_found. */
export async function readProposalDetail(on: Connection, id: string): Promise<ProposalDetail> {
  const proposal = await findProposal(on, id);
  return { ...proposal.shown, draft: await presentDraft(on, proposal), events: await readEvents(on, id) };
}
