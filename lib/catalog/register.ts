import { eq, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { catalogFindings, entities, teams } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import type { Ctx } from "@/lib/core/ctx";
import type { AcceptedEntity, EntitySource, Finding, ImportResult } from "./contract";
import { applyImport } from "./import/apply";
import { changesBetween } from "./import/changes";
import { anyOf, chunks } from "./import/known";
import { type Planned, planImport, type ReadFiles, readFiles, type SourceFile } from "./import/plan";

export interface Registration {
  source: EntitySource;
  registeredBy: string | null;
  /** Null: the platform itself; ownership is asked only of what another source brought. */
  by: Ctx | null;
  /** The team that answers for the source where `by` is null. */
  teamId?: string | null;
  goldenPath?: { name: string; version: string } | undefined;
  repositoryId?: string | undefined;
  isDemo?: boolean | undefined;
  /** What reading the files refused before they were documents: a target that is missing, a file that is too large. */
  problems?: Finding[];
  now: Date;
}

/** Beyond this many an import leaves one audit event instead of one per entity. */
const MAX_AUDITED = 200;

/** From this many documents on an import is a large one: also a part of one that holds few, because each has much to say. */
const MANY = 40;
const TURN_MS = "14000";

const claimOf = ({ source, by, teamId, goldenPath, repositoryId }: Registration) => ({
  source,
  actor: by?.actor ?? null,
  teamId: teamId ?? null,
  goldenPath: goldenPath ?? null,
  repositoryId: repositoryId ?? null,
});

/** Takes the entities of these files into the catalog, each document for itself. Writes one audit event per changed entity. */
export async function registerFiles(tx: Tx, files: SourceFile[], registration: Registration): Promise<ImportResult> {
  return registerRead(tx, await readFiles(tx, files, registration.source), registration);
}

/** The same for files that were read before the transaction. */
export async function registerRead(tx: Tx, read: ReadFiles, registration: Registration): Promise<ImportResult> {
  const claim = claimOf(registration);
  if (read.candidates.length >= MANY) await takeTurn(tx);
  const plan = await planImport(tx, read, { ...claim, lock: true });
  const { source, registeredBy, problems = [], isDemo = false, now } = registration;
  plan.refused.push(...problems);
  const teamRef = await teamRefOf(tx, claim.teamId);
  const result = await applyImport(tx, plan, { source, registeredBy, goldenPath: claim.goldenPath, repositoryId: claim.repositoryId, teamRef, isDemo, now });
  if (!isDemo) await auditChanges(tx, result, registration);
  return result;
}

/** Large imports are written one after the other: what one brought, the next knows. Waits longer than for a row, since each takes seconds. */
async function takeTurn(tx: Tx): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', ${TURN_MS}, true)`);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.catalog-import'))`);
}

/** The ref of an identity team. */
export async function teamRefOf(on: Connection, teamId: string | null): Promise<string | null> {
  if (!teamId) return null;
  const [team] = await on.select({ ref: teams.ref }).from(teams).where(eq(teams.id, teamId));
  return team?.ref ?? null;
}

/** The same without writing anything; what it would update says which values change. */
export async function checkFiles(on: Connection, files: SourceFile[], registration: Registration): Promise<ImportResult> {
  const { accepted, refused } = await planImport(on, await readFiles(on, files, registration.source), { ...claimOf(registration), lock: false });
  refused.push(...(registration.problems ?? []));
  return {
    accepted: await withChanges(on, accepted),
    findings: accepted.flatMap(({ findings }) => findings),
    refused,
  };
}

async function withChanges(on: Connection, accepted: Planned[]): Promise<AcceptedEntity[]> {
  const updated = accepted.filter(({ change }) => change === "updated").map(({ ref }) => ref);
  const before = new Map<string, Record<string, unknown>>();
  for (const part of chunks(updated)) {
    const rows = await on
      .select({ ref: entities.ref, definition: entities.definition })
      .from(entities)
      .where(sql`${entities.ref} = ${anyOf(part)}`);
    for (const { ref, definition } of rows) before.set(ref, definition);
  }
  return accepted.map(({ ref, file, line, change, read }) => {
    const known = before.get(ref);
    const one = { entityRef: ref, file, line, change };
    return known && read ? { ...one, changes: changesBetween(known, JSON.parse(read.draft.definition)) } : one;
  });
}

async function auditChanges(tx: Tx, result: ImportResult, { by, source, now }: Registration): Promise<void> {
  const changed = result.accepted.filter(({ change }) => change !== "unchanged");
  if (changed.length > MAX_AUDITED) return;
  const ctx = by ?? platformCtx(now);
  for (const { entityRef, change, file } of changed) {
    const [owner] = await tx.select({ teamId: teams.id }).from(entities).leftJoin(teams, eq(teams.ref, entities.ownerRef)).where(eq(entities.ref, entityRef));
    await writeAudit(tx, ctx, "entity.import", "done", {
      target: { type: "entity", id: entityRef, label: entityRef },
      teamId: owner?.teamId ?? null,
      detail: { change, source: source.type, file },
    });
  }
}

const platformCtx = (now: Date): Ctx => ({ actor: { type: "system", name: "catalog" }, now, requestId: "catalog", ipPrefix: null });

/** Takes an entity out, with its docs, findings and the relations that it declared. Returns whether it was there. */
export async function dropEntity(tx: Tx, ref: string): Promise<boolean> {
  const gone = await tx.delete(entities).where(eq(entities.ref, ref.toLowerCase())).returning({ ref: entities.ref });
  await tx.delete(catalogFindings).where(eq(catalogFindings.entityRef, ref.toLowerCase()));
  return gone.length > 0;
}
