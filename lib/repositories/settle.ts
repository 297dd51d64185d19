import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { and, eq, inArray, lt, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { repositories, repositoryPushes, repositoryRefs } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { type Ctx, systemCtx } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { bareRepositoriesRoot, bareRepositoryDir, isBareRepository } from "@/lib/git/bare";
import { shortRef } from "@/lib/git/names";
import { listRefs } from "@/lib/git/refs";
import { type RefChange, tellFollowers } from "./pushes";

// What git holds is the truth; `repository_refs` is what was last seen of it. A push is recorded by comparing the two under
// a lock, so it counts once however often this runs, and none is lost when the portal dies between git and Postgres: the
// next pass finds it. Who pushed was announced before git was asked.

const UNFINISHED_MS = 20_000;
const FORGOTTEN_MS = 60 * 60_000;

type Announced = { id: string; ref: string; before: string | null; after: string | null; pushedBy: string | null };

/** Records every change of refs since the last look, and tells who follows pushes. Returns the number of pushes. */
export async function settlePushes(repositoryId: string, ctx?: Ctx): Promise<number> {
  const by = ctx ?? (await systemCtx("git"));
  const dir = bareRepositoryDir(repositoryId);
  if (!(await isBareRepository(dir))) return 0;
  return db().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`repository:${repositoryId}`}))`);
    const [repository] = await tx.select().from(repositories).where(eq(repositories.id, repositoryId));
    if (!repository || repository.status === "creating") return 0;
    const changes = await changedRefs(tx, repositoryId, dir);
    let count = 0;
    for (const change of changes) {
      const pushes = await pushesBehind(tx, repositoryId, change, by);
      for (const push of pushes) await tellFollowers(tx, push.id);
      await rememberRef(tx, repositoryId, change, by.now);
      const target = { type: "repository", id: repositoryId, label: `${repository.owner}/${repository.name}` };
      const detail = { ref: shortRef(change.ref), before: change.before, after: change.after, pushes: pushes.map((push) => push.id) };
      await writeAudit(tx, by, "repository.push", "done", { target, teamId: repository.teamId, detail });
      count += pushes.length;
    }
    return count;
  });
}

async function changedRefs(tx: Tx, repositoryId: string, dir: string): Promise<RefChange[]> {
  const seen = new Map((await tx.select().from(repositoryRefs).where(eq(repositoryRefs.repositoryId, repositoryId))).map((row) => [row.name, row.sha]));
  const now = new Map((await listRefs(dir)).map((ref) => [ref.name, ref.sha]));
  const names = new Set([...seen.keys(), ...now.keys()]);
  return [...names].map((ref) => ({ ref, before: seen.get(ref) ?? null, after: now.get(ref) ?? null })).filter(({ before, after }) => before !== after);
}

/** The announced pushes that lead from `before` to `after`, else one by nobody known; all of them recorded. */
async function pushesBehind(tx: Tx, repositoryId: string, change: RefChange, by: Ctx): Promise<{ id: string }[]> {
  const announced = await tx
    .select()
    .from(repositoryPushes)
    .where(and(eq(repositoryPushes.repositoryId, repositoryId), eq(repositoryPushes.ref, change.ref), eq(repositoryPushes.status, "announced")));
  const chain = chainTo(announced, change);
  if (chain.length > 0) {
    const ids = chain.map((push) => push.id);
    await tx.update(repositoryPushes).set({ status: "recorded", createdAt: by.now }).where(inArray(repositoryPushes.id, ids));
    return chain;
  }
  const id = newId("push");
  await tx.insert(repositoryPushes).values({ id, repositoryId, ...change, pushedBy: null, status: "recorded", createdAt: by.now });
  return [{ id }];
}

/** Walks backwards from where the ref is now, so that an announced push which git refused is never taken. */
export function chainTo(announced: Announced[], change: RefChange): Announced[] {
  const left = [...announced];
  const chain: Announced[] = [];
  let at = change.after;
  while (at !== change.before) {
    const index = left.findIndex((push) => push.after === at);
    const [step] = index === -1 ? [] : left.splice(index, 1);
    if (!step) return [];
    chain.unshift(step);
    at = step.before;
  }
  return chain;
}

async function rememberRef(tx: Tx, repositoryId: string, { ref, after }: RefChange, now: Date): Promise<void> {
  if (after === null) {
    await tx.delete(repositoryRefs).where(and(eq(repositoryRefs.repositoryId, repositoryId), eq(repositoryRefs.name, ref)));
    return;
  }
  await tx
    .insert(repositoryRefs)
    .values({ repositoryId, name: ref, sha: after, updatedAt: now })
    .onConflictDoUpdate({ target: [repositoryRefs.repositoryId, repositoryRefs.name], set: { sha: after, updatedAt: now } });
}

/** The same for every repository; at start, after whatever ended the portal before. Removes folders without a row. */
export async function settleRepositories(): Promise<void> {
  const own = and(eq(repositories.provider, "waymark"), ne(repositories.status, "creating"));
  for (const { id } of await db().select({ id: repositories.id }).from(repositories).where(own)) await settlePushes(id);
  await removeForgottenFolders((await systemCtx("git")).now);
}

/** The same where a push was announced and its end was not seen; then clears announcements that came to nothing. */
export async function settleUnfinished(): Promise<void> {
  const { now } = await systemCtx("git");
  const before = (ms: number) => and(eq(repositoryPushes.status, "announced"), lt(repositoryPushes.createdAt, new Date(now.getTime() - ms)));
  const rows = await db().selectDistinct({ id: repositoryPushes.repositoryId }).from(repositoryPushes).where(before(UNFINISHED_MS));
  for (const { id } of rows) await settlePushes(id);
  await db().delete(repositoryPushes).where(before(FORGOTTEN_MS));
}

async function removeForgottenFolders(now: Date): Promise<void> {
  const root = bareRepositoriesRoot();
  const folders = (await readdir(root).catch(() => [])).filter((name) => /^rep_[0-9a-z]+\.git$/.test(name));
  if (folders.length === 0) return;
  const known = new Set((await db().select({ id: repositories.id }).from(repositories)).map((row) => `${row.id}.git`));
  for (const folder of folders.filter((name) => !known.has(name))) {
    const entry = await stat(path.join(root, folder)).catch(() => null);
    // A young one may belong to a run whose row this pass did not see yet.
    if (entry && now.getTime() - entry.mtimeMs > FORGOTTEN_MS) await rm(path.join(root, folder), { recursive: true, force: true });
  }
}
