import type { Tx } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { noticeAuthor } from "./notices";
import { findProposal, proposalsInDraft, tell, writeProposal } from "./store";

/** The accepted proposals that the published draft held came out with it. */
export async function proposalsPublished(tx: Tx, ctx: Ctx, name: string, version: string): Promise<void> {
  for (const { id } of await proposalsInDraft(tx, name)) {
    const proposal = await findProposal(tx, id, true);
    await writeProposal(tx, ctx, proposal, { publishedVersion: version });
    await tell(tx, ctx, id, "published", version);
    await noticeAuthor(tx, ctx, proposal, { title: `“${proposal.title}” is published with ${name} ${version}`, body: "" });
  }
}

/** A discarded draft takes nothing of others with it: the proposals that it held wait for review again. */
export async function proposalsReturned(tx: Tx, ctx: Ctx, name: string): Promise<void> {
  for (const { id } of await proposalsInDraft(tx, name)) {
    const proposal = await findProposal(tx, id, true);
    await writeProposal(tx, ctx, proposal, { status: "submitted" });
    await tell(tx, ctx, id, "returned");
  }
}
