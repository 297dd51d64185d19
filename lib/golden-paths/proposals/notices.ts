import { and, eq, isNotNull, isNull, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPathProposalEvents, users } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { notify } from "@/lib/notifications/notify";
import { personOf } from "../draft-store";

interface About {
  id: string;
  name: string;
  title: string;
  authorId: string;
}

export const proposalHref = ({ id, name }: { id: string; name: string }) => `/golden-paths/${name}/proposals/${id}`;

/** A new proposal waits: every platform admin hears of it, once per revision. */
export async function noticeReviewers(tx: Tx, ctx: Ctx, proposal: About & { revision: number }, author: string): Promise<void> {
  const admins = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt)));
  const ids = admins.map(({ id }) => id).filter((id) => id !== personOf(ctx));
  await notify(tx, ids, {
    kind: "proposal-waiting",
    title: `${author} proposes a change to ${proposal.name}`,
    body: proposal.title,
    href: proposalHref(proposal),
    dedupeKey: `proposal-waiting:${proposal.id}:${proposal.revision}:${ctx.now.toISOString()}`,
  });
}

/** The author hears what became of it, unless they did it themselves. */
export async function noticeAuthor(tx: Tx, ctx: Ctx, proposal: About, said: { title: string; body: string }): Promise<void> {
  if (proposal.authorId === personOf(ctx)) return;
  await notify(tx, [proposal.authorId], {
    kind: "proposal-answered",
    ...said,
    href: proposalHref(proposal),
    dedupeKey: `proposal:${proposal.id}:${said.title}:${ctx.now.toISOString()}`,
  });
}

/** Everybody who took part hears of a comment. */
export async function noticeParticipants(tx: Tx, ctx: Ctx, proposal: About, by: string, comment: string): Promise<void> {
  const took = await tx
    .selectDistinct({ id: goldenPathProposalEvents.byId })
    .from(goldenPathProposalEvents)
    .where(and(eq(goldenPathProposalEvents.proposalId, proposal.id), isNotNull(goldenPathProposalEvents.byId), ne(goldenPathProposalEvents.byId, personOf(ctx) ?? "")));
  const ids = [...new Set([proposal.authorId, ...took.flatMap(({ id }) => id ?? [])])].filter((id) => id !== personOf(ctx));
  await notify(tx, ids, {
    kind: "proposal-answered",
    title: `${by} commented on “${proposal.title}”`,
    body: comment.slice(0, 300),
    href: proposalHref(proposal),
    dedupeKey: `proposal-comment:${proposal.id}:${ctx.now.toISOString()}:${by}`,
  });
}
