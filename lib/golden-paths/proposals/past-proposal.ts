import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPathProposalEvents, goldenPathProposals, goldenPaths, goldenPathVersions } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { packFiles, unpackFiles } from "../archive";

interface PastProposal {
  goldenPath: string;
  title: string;
  reason: string;
  author: { id: string; teamId: string };
  /** Changes the text of one file; a text that it does not change makes no proposal. */
  file: string;
  change: (text: string) => string;
  events: { kind: "began" | "submitted" | "commented"; text: string; byId: string; at: Date }[];
}

/** Writes a submitted proposal of the demo company's past. False where the path, or what it would change, is not there. */
export async function insertPastProposal(tx: Tx, { goldenPath: name, title, reason, author, file, change, events }: PastProposal): Promise<boolean> {
  const [row] = await tx
    .select({ version: goldenPathVersions.version, archive: goldenPathVersions.archive })
    .from(goldenPaths)
    .innerJoin(goldenPathVersions, and(eq(goldenPathVersions.name, goldenPaths.name), eq(goldenPathVersions.version, goldenPaths.currentVersion)))
    .where(eq(goldenPaths.name, name));
  const files = row ? unpackFiles(row.archive) : null;
  const before = files?.get(file);
  const text = before?.content.toString("utf8") ?? "";
  const [first, last] = [events[0], events.at(-1)];
  if (!row || !files || !before || !first || !last || change(text) === text) return false;
  files.set(file, { ...before, content: Buffer.from(change(text)) });
  const id = newId("pathProposal", first.at.getTime());
  await tx.insert(goldenPathProposals).values({
    id,
    name,
    baseVersion: row.version,
    archive: packFiles(files),
    revision: 2,
    title,
    reason,
    status: "submitted",
    authorId: author.id,
    teamId: author.teamId,
    submittedAt: events.find(({ kind }) => kind === "submitted")?.at ?? last.at,
    isDemo: true,
    updatedBy: author.id,
    updatedAt: last.at,
    createdAt: first.at,
  });
  await tx.insert(goldenPathProposalEvents).values(events.map((event) => ({ proposalId: id, ...event })));
  return true;
}
