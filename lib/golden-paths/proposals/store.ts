import { and, asc, desc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Connection, Tx } from "@/db/client";
import { goldenPathProposalEvents, goldenPathProposals, goldenPaths, teams, users } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { packFiles, type TemplateFiles, unpackFiles } from "../archive";
import { personOf, type StoredDraft } from "../draft-store";
import type { PathProposal, ProposalEvent, ProposalMove, ProposalStatus } from "./contract";
import { moved } from "./state";

export interface StoredProposal extends StoredDraft {
  id: string;
  baseVersion: string;
  title: string;
  status: ProposalStatus;
  publishedVersion: string | null;
  authorId: string;
  teamId: string;
  shown: PathProposal;
}

const editor = alias(users, "editor");
const columns = {
  row: goldenPathProposals,
  author: { handle: users.handle, name: users.name },
  editor: editor.handle,
  team: teams.ref,
  current: goldenPaths.currentVersion,
};

const selectProposals = (on: Connection) =>
  on
    .select(columns)
    .from(goldenPathProposals)
    .innerJoin(users, eq(users.id, goldenPathProposals.authorId))
    .innerJoin(teams, eq(teams.id, goldenPathProposals.teamId))
    .leftJoin(editor, eq(editor.id, goldenPathProposals.updatedBy))
    .leftJoin(goldenPaths, eq(goldenPaths.name, goldenPathProposals.name));

type Row = Awaited<ReturnType<typeof selectProposals>>[number];

function present({ row, author, team, current }: Pick<Row, "author" | "team" | "current"> & { row: Omit<Row["row"], "archive"> }): PathProposal {
  return {
    id: row.id,
    goldenPath: row.name,
    title: row.title,
    reason: row.reason,
    status: row.status,
    revision: row.revision,
    baseVersion: row.baseVersion,
    currentVersion: current,
    publishedVersion: row.publishedVersion,
    author,
    team,
    submittedAt: row.submittedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    isDemo: row.isDemo,
  };
}

/** A proposal with its files. Throws not_found. `lock` holds its row until the transaction ends. */
export async function findProposal(on: Connection, id: string, lock = false): Promise<StoredProposal> {
  const query = selectProposals(on).where(eq(goldenPathProposals.id, id));
  const [found] = lock ? await query.for("update", { of: goldenPathProposals }) : await query;
  if (!found) throw new DomainError("not_found", "There is no such proposal, or you may not see it.");
  const { row } = found;
  return {
    id,
    name: row.name,
    baseVersion: row.baseVersion,
    revision: row.revision,
    files: unpackFiles(row.archive),
    title: row.title,
    status: row.status,
    publishedVersion: row.publishedVersion,
    authorId: row.authorId,
    teamId: row.teamId,
    updatedAt: row.updatedAt,
    updatedBy: found.editor,
    updatedById: row.updatedBy,
    createdAt: row.createdAt,
    createdBy: found.author.handle,
    shown: present(found),
  };
}

/** Whose a proposal is, for authorization. Throws not_found. */
export async function readProposalScope(on: Connection, id: string): Promise<{ teamId: string; ownerId: string }> {
  const [row] = await on.select({ teamId: goldenPathProposals.teamId, ownerId: goldenPathProposals.authorId }).from(goldenPathProposals).where(eq(goldenPathProposals.id, id));
  if (!row) throw new DomainError("not_found", "There is no such proposal, or you may not see it.");
  return row;
}

/** The team that proposes. Throws not_found. */
export async function readProposalTeam(on: Connection, id: string): Promise<{ id: string; name: string }> {
  const [row] = await on
    .select({ id: teams.id, name: teams.name })
    .from(goldenPathProposals)
    .innerJoin(teams, eq(teams.id, goldenPathProposals.teamId))
    .where(eq(goldenPathProposals.id, id));
  if (!row) throw new DomainError("not_found", "There is no such proposal, or you may not see it.");
  return row;
}

/** Proposals that fit, those that wait for review first, then those that changed last; without their files. */
export async function readProposals(on: Connection, where: SQL | undefined, limit: number): Promise<{ items: PathProposal[]; total: number }> {
  const { archive: _archive, ...row } = getTableColumns(goldenPathProposals);
  const rows = await on
    .select({ row, author: columns.author, team: columns.team, current: columns.current, total: sql<number>`(count(*) over ())::int` })
    .from(goldenPathProposals)
    .innerJoin(users, eq(users.id, goldenPathProposals.authorId))
    .innerJoin(teams, eq(teams.id, goldenPathProposals.teamId))
    .leftJoin(goldenPaths, eq(goldenPaths.name, goldenPathProposals.name))
    .where(where)
    .orderBy(desc(sql`${goldenPathProposals.status} = 'submitted'`), desc(goldenPathProposals.updatedAt), desc(goldenPathProposals.id))
    .limit(limit);
  return { items: rows.map(present), total: rows[0]?.total ?? 0 };
}

/** What happened to a proposal, oldest first. */
export async function readEvents(on: Connection, id: string): Promise<ProposalEvent[]> {
  const rows = await on
    .select({ event: goldenPathProposalEvents, by: users.handle })
    .from(goldenPathProposalEvents)
    .leftJoin(users, eq(users.id, goldenPathProposalEvents.byId))
    .where(eq(goldenPathProposalEvents.proposalId, id))
    .orderBy(asc(goldenPathProposalEvents.id));
  return rows.map(({ event, by }) => ({ id: event.id, kind: event.kind, text: event.text, by, at: event.at.toISOString() }));
}

/** Notes what happened. */
export async function tell(tx: Tx, ctx: Ctx, id: string, kind: ProposalEvent["kind"], text = ""): Promise<void> {
  await tx.insert(goldenPathProposalEvents).values({ proposalId: id, kind, text, byId: personOf(ctx), at: ctx.now });
}

const WORDS: Record<ProposalStatus, string> = {
  draft: "is not submitted yet",
  submitted: "waits for the platform team",
  "changes-requested": "was sent back with wishes",
  accepted: "was accepted",
  declined: "was declined",
  withdrawn: "was withdrawn",
};
const DOING: Record<ProposalMove, string> = {
  save: "Its files can be changed while it is a draft or was sent back; take it back first.",
  submit: "Take it back first, then submit it again.",
  withdraw: "Only a proposal that nothing was decided about can be withdrawn.",
  reopen: "Work on it where it is now, or begin another proposal.",
  "ask-for-changes": "Only a submitted proposal can be reviewed. Reload the page.",
  decline: "Only a proposal that nothing was decided about can be declined. Reload the page.",
  accept: "Only a submitted proposal can be accepted. Reload the page.",
  return: "",
};

/** The status after a move, said by whom the present one was set. Throws conflict where the move is not possible now. */
export async function requireMove(on: Connection, proposal: StoredProposal, move: ProposalMove): Promise<ProposalStatus> {
  const next = moved(proposal.status, move);
  if (next) return next;
  const [last] = await on
    .select({ by: users.handle })
    .from(goldenPathProposalEvents)
    .innerJoin(users, eq(users.id, goldenPathProposalEvents.byId))
    .where(
      and(eq(goldenPathProposalEvents.proposalId, proposal.id), inArray(goldenPathProposalEvents.kind, ["submitted", "changes-requested", "accepted", "declined", "withdrawn"])),
    )
    .orderBy(desc(goldenPathProposalEvents.id))
    .limit(1);
  const by = last && proposal.status !== "draft" ? ` (by ${last.by})` : "";
  throw new DomainError("conflict", `This proposal ${WORDS[proposal.status]}${by}. ${DOING[move]}`);
}

/** Writes a new status, and files where they changed as well. */
export async function writeProposal(
  tx: Tx,
  ctx: Ctx,
  proposal: Pick<StoredProposal, "id" | "revision">,
  change: { status?: ProposalStatus; files?: TemplateFiles; baseVersion?: string; submittedAt?: Date; publishedVersion?: string | null },
): Promise<void> {
  const { files, ...rest } = change;
  const content = files ? { archive: packFiles(files), revision: proposal.revision + 1, updatedBy: personOf(ctx) } : {};
  await tx
    .update(goldenPathProposals)
    .set({ ...rest, ...content, updatedAt: ctx.now })
    .where(eq(goldenPathProposals.id, proposal.id));
}

/** The accepted proposals that are part of the draft of a path. */
export async function proposalsInDraft(on: Connection, name: string): Promise<{ id: string; title: string; authorId: string; revision: number }[]> {
  return on
    .select({ id: goldenPathProposals.id, title: goldenPathProposals.title, authorId: goldenPathProposals.authorId, revision: goldenPathProposals.revision })
    .from(goldenPathProposals)
    .where(and(eq(goldenPathProposals.name, name), eq(goldenPathProposals.status, "accepted"), sql`${goldenPathProposals.publishedVersion} is null`));
}
