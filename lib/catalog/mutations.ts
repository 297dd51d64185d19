import "server-only";
import { and, eq, ne } from "drizzle-orm";
import { stringify } from "yaml";
import { type Connection, db, type Tx } from "@/db/client";
import { catalogFindings, catalogLocations, catalogRepositories, entities } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { authorize, mutation } from "@/lib/core/operation";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { type CatalogLocation, EntityKey, type EntitySource, ImportInput, type ImportResult, LocationChange, LocationId, LocationInput, SaveEntityInput } from "./contract";
import { replaceDocs } from "./docs";
import { readFiles } from "./import/plan";
import { requireOnly } from "./only-document";
import { entitySubject } from "./ownership";
import { presentEntity, selectEntities } from "./read";
import { formatRef } from "./ref";
import { dropEntity, type Registration, registerFiles, registerRead } from "./register";
import { addressOf } from "./sources/address";
import { readLocations } from "./sources/listing";
import { freeEntities, keepEntity, moveEntities } from "./sources/presence";
import { readingTeam } from "./sources/reading-team";
import { IMPORT_URL_DEADLINE_MS, IMPORT_URL_STEPS, readableAddress } from "./url-source";
import { requireWritable } from "./writable";

const userOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);

/** Takes the entities of one YAML text into the catalog, each document for itself; nothing throws because of a bad document. `neighbours`: files that its placeholders may name. */
export async function registerEntities(tx: Tx, registration: Registration & { text: string; file: string; neighbours?: { name: string; text: string }[] }): Promise<ImportResult> {
  const { text, file, neighbours = [], ...rest } = registration;
  return registerFiles(tx, [{ name: file, text }, ...neighbours.map((one) => ({ name: one.name, text: one.text, isNeighbour: true }))], rest);
}

/**
 * Replaces the documents that entities show by the Markdown files (and mkdocs.yml) of their repository. The first ref gets README and docs/,
 * the others what their backstage.io/techdocs-ref names.
 */
export async function storeDocs(tx: Tx, refs: string | string[], files: { path: string; text: string }[], read: { commit: string | null; now: Date }): Promise<void> {
  await replaceDocs(tx, [refs].flat(), files, read);
}

/** Takes an entity out of the catalog. Returns whether it was there. Writes no audit event: the caller's own says why. */
export async function removeEntity(tx: Tx, ref: string, _now: Date): Promise<boolean> {
  return dropEntity(tx, ref);
}

/** Takes the demo company's entities out. Returns how many there were. */
export async function removeDemoEntities(tx: Tx): Promise<number> {
  await tx.delete(catalogFindings).where(eq(catalogFindings.isDemo, true));
  return (await tx.delete(entities).where(eq(entities.isDemo, true)).returning({ ref: entities.ref })).length;
}

export const importEntities = mutation({
  name: "entity.import",
  summary: "Take the entities of these files into the catalog. Each document is accepted, accepted with findings, or refused.",
  input: ImportInput,
  subject: () => null,
  // Thousands of documents take seconds to read: not while a transaction is open.
  prepare: ({ files }) => readFiles(db(), files, uploadOf(files)),
  run: (tx, { files }, ctx, _subject, read): Promise<ImportResult> => registerRead(tx, read, { source: uploadOf(files), registeredBy: userOf(ctx), by: ctx, now: ctx.now }),
  audit: ({ files }, { accepted, findings, refused }) => ({
    target: { type: "catalog", id: "import", label: `${files.length} ${files.length === 1 ? "file" : "files"}` },
    detail: { ...countChanges(accepted), findings: findings.length, refused: refused.length },
  }),
});

function uploadOf(files: { name: string }[]): EntitySource {
  return { type: "upload", label: files.length === 1 ? (files[0]?.name ?? "upload") : `${files.length} files` };
}

function countChanges(accepted: ImportResult["accepted"]) {
  const of = (change: string) => accepted.filter((one) => one.change === change).length;
  return { created: of("created"), updated: of("updated"), unchanged: of("unchanged") };
}

export const saveEntity = mutation({
  name: "entity.import",
  summary: "Write one entity: a new one, or a changed definition of one that you may edit.",
  input: SaveEntityInput,
  subject: async (on, input, ctx) => {
    const ref = formatRef(input);
    requireWritable(input.kind);
    const [known] = await on.select({ source: entities.source }).from(entities).where(eq(entities.ref, ref));
    if (!known) return { teamId: null };
    const subject = await entitySubject(on, ref, ctx.actor);
    authorize(ctx, "entity.edit", subject);
    return { teamId: subject.teamId };
  },
  run: async (tx, input, ctx) => {
    const ref = formatRef(input);
    const text = input.yaml ?? (input.definition ? stringify(input.definition) : "");
    const result = await registerFiles(tx, [{ name: "definition", text }], { source: { type: "ui" }, registeredBy: userOf(ctx), by: ctx, now: ctx.now });
    requireOnly(ref, result);
    const [found] = await selectEntities(tx).where(eq(entities.ref, ref));
    if (!found) throw new DomainError("not_found", `There is no ${ref} in the catalog.`);
    return { entity: presentEntity(found), change: result.accepted[0]?.change ?? "unchanged", findings: result.findings };
  },
  // Each changed entity has an event of its own already.
  audit: () => null,
});

export const deleteEntity = mutation({
  name: "entity.edit",
  summary: "Take an entity out of the catalog. What refers to it then shows a dangling reference.",
  input: EntityKey,
  subject: (on, input, ctx) => entitySubject(on, formatRef(input), ctx.actor),
  run: async (tx, input) => {
    const ref = formatRef(input);
    await dropEntity(tx, ref);
    return { entityRef: ref };
  },
  audit: (_input, { entityRef }, { title }) => ({ target: { type: "entity", id: entityRef, label: title }, detail: { change: "removed" } }),
});

export const keepGoneEntity = mutation({
  name: "entity.edit",
  summary: "Keep an entity that its source no longer holds; from then on it can be edited here.",
  input: EntityKey,
  subject: (on, input, ctx) => entitySubject(on, formatRef(input), ctx.actor),
  run: async (tx, input, ctx) => {
    const entityRef = formatRef(input);
    if (!(await keepEntity(tx, entityRef, ctx.now))) throw new DomainError("conflict", `${entityRef} is not gone from its source: there is nothing to keep.`);
    return { entityRef };
  },
  audit: (_input, { entityRef }, { title }) => ({ target: { type: "entity", id: entityRef, label: title }, detail: { change: "kept" } }),
});

export const confirmEntity = mutation({
  name: "entity.edit",
  summary: "Say that what people wrote in an entity is still right.",
  input: EntityKey,
  subject: (on, input, ctx) => entitySubject(on, formatRef(input), ctx.actor),
  run: async (tx, input, { now }) => {
    const entityRef = formatRef(input);
    await tx.update(entities).set({ confirmedAt: now }).where(eq(entities.ref, entityRef));
    return { entityRef, confirmedAt: now.toISOString() };
  },
  audit: (_input, { entityRef }, { title }) => ({ target: { type: "entity", id: entityRef, label: title }, detail: { change: "confirmed" } }),
});

/** What was just added is read at once; its turn in the loop comes after that. */
const FIRST_TURN_MS = 15 * 60_000;

export const addLocation = mutation({
  name: "entity.import-url",
  summary: "Read entities from a place again and again: an address, a git repository, a GitHub organisation. With dryRun only say what an address would bring.",
  input: LocationInput,
  subject: async (on, { team, type }, { actor }) => {
    if (actor.type !== "user") throw new DomainError("forbidden", "Only people add a source.");
    // A whole organisation is nobody's team alone.
    return { teamId: type === "github-org" ? null : await readingTeam(on, team, actor) };
  },
  run: async (tx, { target, type = "url", branch = null, path = null, dryRun = false }, ctx, { teamId }) => {
    const url = await addressOf(tx, type, target);
    const run = type === "url" ? await startReading(tx, ctx, { url, teamId, isCheck: dryRun }) : null;
    if (dryRun && !run) throw new DomainError("invalid", "Only an address can be checked first.", { fields: [{ path: "dryRun", message: "Leave it out for a repository." }] });
    const location = dryRun ? null : await keepLocation(tx, { url, type, branch, path, teamId, registeredBy: userOf(ctx), lastRunId: run?.id ?? null, now: ctx.now });
    if (location && !run) await enqueue(tx, "catalog.read-location", { locationId: location.id }, { jobKey: `catalog.read-location:${location.id}` });
    return { location, run };
  },
  audit: (_input, { location, run }) =>
    location ? { target: { type: "location", id: location.id, label: location.target }, detail: { type: location.type, run: run?.id ?? null } } : null,
});

/** Throws conflict while the address is being read already. */
async function startReading(tx: Tx, ctx: Ctx, { url, teamId, isCheck }: { url: string; teamId: string | null; isCheck: boolean }) {
  const runId = await startRun(tx, {
    kind: "catalog.import-url",
    title: `${isCheck ? "Check" : "Import"} ${url}`.slice(0, 200),
    input: { url, isCheck },
    plan: IMPORT_URL_STEPS,
    deadlineMs: IMPORT_URL_DEADLINE_MS,
    requestedBy: userOf(ctx),
    teamId,
    ...(isCheck ? {} : { exclusiveKey: `catalog-url:${url}` }),
    now: ctx.now,
  });
  return readRun(tx, runId);
}

async function keepLocation(tx: Tx, row: Omit<typeof catalogLocations.$inferInsert, "id"> & { url: string; now: Date }): Promise<CatalogLocation> {
  const { now, ...columns } = row;
  const nextReadAt = new Date(now.getTime() + FIRST_TURN_MS);
  await tx
    .insert(catalogLocations)
    .values({ id: newId("location"), ...columns, nextReadAt, createdAt: now })
    .onConflictDoUpdate({ target: catalogLocations.url, set: { lastRunId: columns.lastRunId ?? null, branch: columns.branch ?? null, path: columns.path ?? null } });
  const [kept] = await readLocations(tx, eq(catalogLocations.url, row.url));
  if (!kept) throw new DomainError("conflict", "The address was removed at this moment. Try again.");
  return kept;
}

async function locationSubject(on: Connection, { id }: { id: string }) {
  const [row] = await on.select().from(catalogLocations).where(eq(catalogLocations.id, id));
  if (!row) throw new DomainError("not_found", "There is no such location.");
  return { teamId: row.teamId, row };
}

export const readLocationAgain = mutation({
  name: "entity.import-url",
  summary: "Read a source now, everything in it, whether or not it seems unchanged.",
  input: LocationId,
  subject: locationSubject,
  run: async (tx, { id }, _ctx, { row }) => {
    await enqueue(tx, "catalog.read-location", { locationId: id, force: true }, { jobKey: `catalog.read-location:${id}` });
    return { id, target: row.url };
  },
  audit: (_input, { id, target }) => ({ target: { type: "location", id, label: target }, detail: { change: "read again" } }),
});

export const changeLocation = mutation({
  name: "entity.import-url",
  summary: "Give a source that is a file another address, and read it there. Its entities go along: what the new address does not hold is gone from its source.",
  input: LocationChange,
  subject: locationSubject,
  run: async (tx, { id, target }, ctx, { row }) => {
    if (row.type !== "url") throw new DomainError("conflict", `${row.url} is no single file. Add the other place as a source of its own, and remove this one.`);
    const url = readableAddress(target);
    const [other] = await tx
      .select({ id: catalogLocations.id })
      .from(catalogLocations)
      .where(and(eq(catalogLocations.url, url), ne(catalogLocations.id, id)));
    if (other) throw new DomainError("conflict", `${url} is read by another source already. Remove one of the two.`);
    const run = await startReading(tx, ctx, { url, teamId: row.teamId, isCheck: false });
    const nextReadAt = new Date(ctx.now.getTime() + FIRST_TURN_MS);
    await tx.update(catalogLocations).set({ url, state: "new", problem: null, etag: null, failures: 0, lastRunId: run.id, nextReadAt }).where(eq(catalogLocations.id, id));
    if (url !== row.url) await moveEntities(tx, row.url, url, ctx.now);
    const [location] = await readLocations(tx, eq(catalogLocations.id, id));
    if (!location) throw new DomainError("not_found", "The source was removed at this moment.");
    return { location, run, before: row.url };
  },
  audit: (_input, { location, run, before }) => ({ target: { type: "location", id: location.id, label: location.target }, detail: { change: "address", before, run: run.id } }),
});

export const removeLocation = mutation({
  name: "entity.import-url",
  summary: "Forget an address. The entities that were read from it stay, and can be edited from then on.",
  input: LocationId,
  subject: locationSubject,
  run: async (tx, { id }, ctx, { row: { url } }) => {
    const repositories = await tx.select({ url: catalogRepositories.url }).from(catalogRepositories).where(eq(catalogRepositories.locationId, id));
    await tx.delete(catalogLocations).where(eq(catalogLocations.id, id));
    const sources: EntitySource[] = [{ type: "url", url }, ...repositories.map((one) => ({ type: "remote" as const, url: one.url, path: "", commit: null }))];
    let entities = 0;
    for (const source of sources) entities += await freeEntities(tx, source, url, ctx.now);
    return { id, url, entities };
  },
  audit: (_input, { id, url, entities: freed }) => ({ target: { type: "location", id, label: url }, detail: { entities: freed } }),
});

export { deleteView, saveView, starEntity } from "./personal";
export { forgetOwnRepository, restoreEntity, retireEntity } from "./retire";
