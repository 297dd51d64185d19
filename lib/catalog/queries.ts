import "server-only";
import { and, asc, count, eq } from "drizzle-orm";
import { stringify } from "yaml";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { catalogReadings, entities, entityDocs, runs } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { loadSettings } from "@/lib/platform/queries";
import { readActivity } from "./activity";
import { definitionText, describeApi } from "./api/describe";
import { readApis } from "./api/list";
import { linksOf, readContact } from "./contact";
import {
  ActivityInput,
  type CatalogEntity,
  type CatalogLocation,
  DocInput,
  DocSearchInput,
  type EntityDetail,
  type EntityDoc,
  EntityKey,
  EntityListInput,
  FACETS,
  type FacetCount,
  FacetInput,
  FindingListInput,
  GraphInput,
  ImportInput,
  type ImportResult,
  OwnerInput,
  type Reading,
  ReadingId,
} from "./contract";
import { unconfirmedSince } from "./decay";
import { searchDocs } from "./docs";
import { readFacets } from "./facets";
import { countByOwner, openFindingsOf, readFindings } from "./findings";
import { readGraph } from "./graph";
import { readEntityPage } from "./list";
import { onCallOf } from "./on-call";
import { requireOnly } from "./only-document";
import { entitySubject } from "./ownership";
import { presentEntity, selectEntities } from "./read";
import { formatRef, wholeRef } from "./ref";
import { checkFiles } from "./register";
import { countDependencies, readRelations } from "./relations";
import { readLocations, readSourceRepositories } from "./sources/listing";

/** The entity with this ref (compared without case), or null; without asking who may see it. */
export async function findEntity(on: Connection, ref: string): Promise<CatalogEntity | null> {
  const [found] = await selectEntities(on).where(eq(entities.ref, ref.toLowerCase()));
  return found ? presentEntity(found) : null;
}

/** The same; throws not_found. */
export async function loadEntity(on: Connection, ref: string): Promise<CatalogEntity> {
  const found = await findEntity(on, ref);
  if (!found) throw new DomainError("not_found", `There is no ${ref} in the catalog.`);
  return found;
}

export const listEntities = query({
  name: "entity.read",
  summary: "Entities by name, or the best matches of a text first. Several values of a filter are separated by commas.",
  input: EntityListInput,
  subject: () => null,
  run: (on, { limit, cursor, sort, ...filter }, ctx) => readEntityPage(on, ctx, filter, { limit, cursor, sort }),
});

export const countFacets = query({
  name: "entity.read",
  summary: "How many entities there are of each kind, type, owner, lifecycle or tag, within the other filters.",
  input: FacetInput,
  subject: () => null,
  run: async (on, { facet, ...filter }, ctx): Promise<{ facets: Record<string, FacetCount[]> }> => {
    const wanted = FACETS.filter((name) => facet.split(",").some((one) => one.trim() === name));
    if (wanted.length === 0)
      throw new DomainError("invalid", "There is no such facet.", { fields: [{ path: "facet", message: `Use some of ${FACETS.join(", ")}, separated by commas.` }] });
    return { facets: await readFacets(on, ctx, filter, wanted) };
  },
});

export const getEntity = query({
  name: "entity.read",
  summary: "One entity with its definition, its relations from both ends, links, documents and open findings.",
  input: EntityKey,
  subject: () => null,
  run: async (on, input): Promise<EntityDetail> => {
    const entity = await loadEntity(on, formatRef(input));
    const [relations, docs, findings] = await Promise.all([readRelations(on, entity.ref), docsOf(on, entity.ref), openFindingsOf(on, [entity.ref])]);
    const links = linksOf(entity.definition);
    return { ...entity, relations, links, onCall: onCallOf(entity.definition, links), docs, findings };
  },
});

function docsOf(on: Connection, ref: string) {
  return on
    .select({ path: entityDocs.path, title: entityDocs.title, section: entityDocs.section })
    .from(entityDocs)
    .where(eq(entityDocs.entityRef, ref))
    .orderBy(asc(entityDocs.position), asc(entityDocs.path));
}

/** What the head of every page of an entity shows. */
export const getEntityHead = query({
  name: "entity.read",
  summary: "One entity with the numbers of its tabs, and since when nobody has confirmed it.",
  input: EntityKey,
  subject: () => null,
  run: async (on, input, { now }) => {
    const entity = await loadEntity(on, formatRef(input));
    const links = linksOf(entity.definition);
    const docsOfIt = on.select({ n: count() }).from(entityDocs).where(eq(entityDocs.entityRef, entity.ref));
    const [dependencies, [docs], settings] = await Promise.all([countDependencies(on, entity.ref), docsOfIt, loadSettings(on)]);
    return {
      entity,
      links,
      onCall: onCallOf(entity.definition, links),
      counts: { dependencies, docs: docs?.n ?? 0 },
      unconfirmedSince: unconfirmedSince(entity, settings["catalog.confirmAfterDays"], now),
    };
  },
});

export const entityScope = query({
  name: "entity.read",
  summary: "Whose entity it is, for asking what the reader may do with it.",
  input: EntityKey,
  subject: () => null,
  run: async (on, input, { actor }) => {
    const { teamId, ownerId } = await entitySubject(on, formatRef(input), actor);
    return { teamId, ownerId: ownerId ?? null };
  },
});

export const getGraph = query({
  name: "entity.read",
  summary: "What an entity needs, and what needs it, within a number of steps; at most 500 entities. Several kinds are separated by commas.",
  input: GraphInput,
  subject: () => null,
  run: async (on, { depth, direction, kinds, parts, ...key }) => readGraph(on, (await loadEntity(on, formatRef(key))).ref, { depth, direction, kinds, parts: parts === "true" }),
});

export const getDoc = query({
  name: "entity.read",
  summary: "One document of an entity, as Markdown.",
  input: DocInput,
  subject: () => null,
  run: async (on, { path, ...key }): Promise<EntityDoc> => {
    const [row] = await on
      .select()
      .from(entityDocs)
      .where(and(eq(entityDocs.entityRef, formatRef(key)), eq(entityDocs.path, path)));
    if (!row) throw new DomainError("not_found", "There is no such document.");
    return { path: row.path, title: row.title, text: row.text, commit: row.commit, readAt: row.readAt.toISOString() };
  },
});

export const searchEntityDocs = query({
  name: "entity.read",
  summary: "Places in the documents of an entity that hold every word of a text.",
  input: DocSearchInput,
  subject: () => null,
  run: async (on, { q, ...key }) => {
    const items = await searchDocs(on, formatRef(key), q);
    return { items, nextCursor: null, total: items.length };
  },
});

/** As people write it; the database keeps no order. */
function inUsualOrder({ apiVersion, kind, metadata, spec, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const { name, namespace, title, description, ...more } = (metadata ?? {}) as Record<string, unknown>;
  const given = (part: Record<string, unknown>) => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
  return given({ apiVersion, kind, metadata: given({ name, namespace, title, description, ...more }), spec, ...rest });
}

export const exportEntity = query({
  name: "entity.read",
  summary: "The definition of an entity as YAML; read again, it means the same.",
  input: EntityKey,
  subject: () => null,
  run: async (on, key) => {
    const { ref, name, definition } = await loadEntity(on, formatRef(key));
    return { ref, file: `${name}.yaml`, yaml: stringify(inUsualOrder(definition), { lineWidth: 0 }) };
  },
});

export const getApi = query({
  name: "entity.read",
  summary: "What an API offers: operations and types of its definition, and the definition itself.",
  input: EntityKey,
  subject: () => null,
  run: async (on, key) => {
    const { type, definition } = await loadEntity(on, formatRef(key));
    const text = definitionText(definition);
    return { text, ...(await describeApi(type, text ?? "")) };
  },
});

export const listApis = query({
  name: "entity.read",
  summary: "The APIs that an entity provides or uses, or that belong to a system, with how many provide and use each.",
  input: EntityKey,
  subject: () => null,
  run: async (on, key) => {
    const items = await readApis(on, formatRef(key));
    return { items, nextCursor: null, total: items.length };
  },
});

export const getContact = query({
  name: "entity.read",
  summary: "Whom to ask about what an owner has, and how to reach them.",
  input: OwnerInput,
  subject: () => null,
  run: (on, { ref }) => readContact(on, wholeRef(ref)),
});

export const listActivity = query({
  name: "entity.read",
  summary: "What was done to an entity or to what belongs to it, newest first.",
  input: ActivityInput,
  subject: () => null,
  run: async (on, { limit, ...key }) => ({ items: await readActivity(on, formatRef(key), limit), nextCursor: null }),
});

export const listFindings = query({
  name: "entity.read",
  summary: "What is to be put right in catalog documents: the findings that are still open, newest first.",
  input: FindingListInput,
  subject: () => null,
  run: (on, { limit, cursor, ...filter }, ctx) => readFindings(on, ctx, filter, { limit, cursor }),
});

export const countFindings = query({
  name: "entity.read",
  summary: "How much each owner has to put right in catalog documents, most first.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => ({ owners: await countByOwner(on) }),
});

export const checkEntities = query({
  name: "entity.import",
  summary: "What an import of these files would do; nothing is changed.",
  input: ImportInput,
  subject: () => null,
  run: (on, { files }, ctx): Promise<ImportResult> =>
    checkFiles(on, files, { source: { type: "upload", label: "check" }, registeredBy: ctx.actor.type === "user" ? ctx.actor.id : null, by: ctx, now: ctx.now }),
});

export const listLocations = query({
  name: "entity.read",
  summary: "Sources that entities are read from again and again.",
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(100) }),
  subject: () => null,
  run: async (on, { limit }): Promise<{ items: CatalogLocation[]; nextCursor: null; total: number }> => {
    const items = await readLocations(on);
    return { items: items.slice(0, limit), nextCursor: null, total: items.length };
  },
});

export const listSourceRepositories = query({
  name: "entity.read",
  summary: "Repositories that the catalog reads: those of one source, else those of this platform's own.",
  input: z.strictObject({ location: z.string().max(64).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  subject: () => null,
  run: async (on, { location, limit }) => {
    const items = await readSourceRepositories(on, location ?? null);
    return { items: items.slice(0, limit), nextCursor: null, total: items.length };
  },
});

export const getReading = query({
  name: "run.read",
  summary: "What a run that read an address accepted, found and refused.",
  input: ReadingId,
  subject: async (on, { run }) => {
    const [found] = await on.select({ teamId: runs.teamId, ownerId: runs.requestedBy }).from(runs).where(eq(runs.id, run));
    if (!found) throw new DomainError("not_found", "There is no such run.");
    return found;
  },
  run: async (on, { run }): Promise<Reading> => {
    const [row] = await on.select().from(catalogReadings).where(eq(catalogReadings.runId, run));
    if (!row) throw new DomainError("not_found", "The run has not read anything yet.");
    return { run, check: row.isCheck, ...(row.result as unknown as ImportResult) };
  },
});

export {
  backstageAnalysis,
  backstageAncestry,
  backstageByRefs,
  backstageEntity,
  backstageEntityByUid,
  backstageFacets,
  backstageLocation,
  backstageLocationOf,
  backstageLocationOfRef,
  backstageLocations,
  backstagePage,
  backstageValidation,
} from "./backstage/queries";
/** Whose entity it is, for authorization. Throws not_found. */
export async function entityScopeOf(on: Connection, ref: string, { actor }: Ctx): Promise<{ teamId: string | null; ownerId: string | null }> {
  const { teamId, ownerId } = await entitySubject(on, ref, actor);
  return { teamId, ownerId: ownerId ?? null };
}

/** Throws invalid, with the line, unless the text is one good document of this entity that its source may bring. Writes nothing. */
export async function checkEdited(on: Connection, ctx: Ctx, { ref, source }: CatalogEntity, yaml: string): Promise<void> {
  const registration = { source, registeredBy: null, by: ctx, now: ctx.now };
  requireOnly(ref, await checkFiles(on, [{ name: "definition", text: yaml }], registration));
}

export { describeApi } from "./api/describe";
export { documentOf, withDocument } from "./document-text";
export { isOpenFinding } from "./findings";
export { hasOnCall } from "./on-call";
export { entitySubject } from "./ownership";
export { listStars, listViews } from "./personal";
export { partsOfRef } from "./ref";
export { directDependants } from "./retire";
export { requireWritable } from "./writable";
