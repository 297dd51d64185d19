import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { catalogLocations, entities } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { EntityKey } from "../contract";
import { readEntity } from "../import/document";
import { formatRef, wholeRef } from "../ref";
import { isPresent } from "../sources/presence";
import { readingTeam } from "../sources/reading-team";
import { AnalyzeInput, analyze } from "./analyze";
import { project, selectRows, withRelations } from "./entity";
import { entitiesWith, UID, valuesOf } from "./fields";
import { conditionOn, PageInput, readByRefs, readPage } from "./page";
import { meets, parsePredicate } from "./predicate";

// The read API of Backstage's catalog for its own clients; the same entities, under the same permission.

const noSubject = () => null;
const Fields = z.array(z.string().max(500)).max(100).optional();
const Filters = { filter: z.array(z.string().max(5_000)).max(200).optional(), query: z.record(z.string(), z.unknown()).optional() };

export const backstagePage = query({
  name: "entity.read",
  summary: "A page of entities as Backstage gives it.",
  input: PageInput,
  subject: noSubject,
  run: (on, input) => readPage(on, input),
});

export const backstageByRefs = query({
  name: "entity.read",
  summary: "Entities by their refs, null where there is none.",
  input: z.strictObject({ entityRefs: z.array(z.string().max(300)).max(1_000), fields: Fields, ...Filters }),
  subject: noSubject,
  run: async (on, { entityRefs, fields = [], ...wanted }) => ({
    items: (await readByRefs(on, entityRefs, conditionOn(wanted))).map((entity) => entity && project(entity, fields)),
  }),
});

export const backstageEntity = query({
  name: "entity.read",
  summary: "One entity by its kind, namespace and name.",
  input: EntityKey,
  subject: noSubject,
  run: async (on, key) => {
    const [entity] = await readByRefs(on, [formatRef(key)], undefined);
    if (!entity) throw new DomainError("not_found", `There is no ${formatRef(key)} in the catalog.`);
    return entity;
  },
});

/** Which locations an entity came through. Here none is an entity of its own, so each is its own root. */
export const backstageAncestry = query({
  name: "entity.read",
  summary: "Where an entity came from, as Backstage tells it.",
  input: EntityKey,
  subject: noSubject,
  run: async (on, key) => {
    const ref = formatRef(key);
    const [entity] = await readByRefs(on, [ref], undefined);
    if (!entity) throw new DomainError("not_found", `There is no ${ref} in the catalog.`);
    return { rootEntityRef: ref, items: [{ entity, parentEntityRefs: [] }] };
  },
});

const uuid = z.strictObject({ uid: z.guid() });

export const backstageEntityByUid = query({
  name: "entity.read",
  summary: "One entity by its uid.",
  input: uuid,
  subject: noSubject,
  run: async (on, { uid }) => {
    const [entity] = await withRelations(on, await selectRows(on, sql`${UID} = ${uid}::uuid`));
    if (!entity) throw new DomainError("not_found", "There is no entity with this uid in the catalog.");
    return entity;
  },
});

export const backstageFacets = query({
  name: "entity.read",
  summary: "How many entities there are of each value of some paths.",
  input: z.strictObject({ facets: z.array(z.string().min(1).max(300)).min(1).max(20), ...Filters }),
  subject: noSubject,
  run: async (on, { facets, ...wanted }) => {
    const where = conditionOn(wanted);
    const counts = await Promise.all(
      facets.map((facet) => {
        const key = facet.toLowerCase();
        const value = key === "kind" ? sql`(select ${entities.definition} ->> 'kind') as v(value)` : valuesOf(key);
        return on.execute<{ value: string; count: number }>(sql`
          select v.value, ${entitiesWith(key)}::int as count from entities, lateral ${value}
          where v.value is not null and ${isPresent} and ${where ?? sql`true`} group by v.value order by 2 desc, 1`);
      }),
    );
    return { facets: Object.fromEntries(facets.map((facet, index) => [facet, [...(counts[index] ?? [])]])) };
  },
});

/** An entity that is accepted here is valid for a client, whatever findings it has. */
export const backstageValidation = query({
  name: "entity.read",
  summary: "Whether an entity would be accepted, and why not.",
  input: z.looseObject({ entity: z.unknown() }),
  subject: noSubject,
  run: async (_on, { entity }) => {
    const read = readEntity(entity);
    return "draft" in read ? [] : [{ name: "InputError", message: `${read.refusal.message} ${read.refusal.fix}` }];
  },
});

interface BackstageLocation {
  id: string;
  type: string;
  target: string;
}

async function locationsOn(on: Connection): Promise<BackstageLocation[]> {
  const rows = await on.select({ id: catalogLocations.id, target: catalogLocations.url }).from(catalogLocations).orderBy(asc(catalogLocations.id));
  return rows.map(({ id, target }) => ({ id, type: "url", target }));
}

const CursorOf = z.object({ query: z.record(z.string(), z.unknown()).optional(), after: z.string(), limit: z.number().int().positive() });
const MAX_LOCATIONS = 1_000;

export const backstageLocations = query({
  name: "entity.read",
  summary: "Addresses that entities are read from, a page at a time.",
  input: z.strictObject({ query: z.record(z.string(), z.unknown()).optional(), limit: z.number().int().min(1).optional(), cursor: z.string().max(5_000).optional() }),
  subject: noSubject,
  run: async (on, input) => {
    const at = input.cursor ? readLocationCursor(input.cursor) : { query: input.query, after: "", limit: Math.min(input.limit ?? MAX_LOCATIONS, MAX_LOCATIONS) };
    const predicate = at.query ? parsePredicate(at.query) : null;
    const all = (await locationsOn(on)).filter((one) => !predicate || meets(predicate, (key) => (key in one ? [one[key as keyof BackstageLocation]] : [])));
    const rest = all.filter(({ id }) => id > at.after);
    const items = rest.slice(0, at.limit);
    const after = rest.length > at.limit && items.at(-1)?.id;
    return { items, totalItems: all.length, pageInfo: after ? { nextCursor: Buffer.from(JSON.stringify({ ...at, after })).toString("base64") } : {} };
  },
});

function readLocationCursor(text: string): z.infer<typeof CursorOf> {
  try {
    return CursorOf.parse(JSON.parse(Buffer.from(text, "base64").toString("utf8")));
  } catch (cause) {
    throw new DomainError("invalid", "The cursor is not one of this list. Start again without it.", { cause });
  }
}

export const backstageAnalysis = query({
  name: "entity.import-url",
  summary: "What an address holds: the entities that are read from it or lie there, else one to begin with.",
  input: AnalyzeInput,
  // Whoever may add it as a source may look at it.
  subject: async (on, _input, { actor }) => ({ teamId: actor.type === "user" ? await readingTeam(on, undefined, actor) : null }),
  run: (on, input) => analyze(on, input),
});

export const backstageLocation = query({
  name: "entity.read",
  summary: "One address by its id.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: noSubject,
  run: async (on, { id }) => {
    const found = (await locationsOn(on)).find((one) => one.id === id);
    if (!found) throw new DomainError("not_found", "There is no such location.");
    return found;
  },
});

export const backstageLocationOf = query({
  name: "entity.read",
  summary: "The address that an entity was read from.",
  input: EntityKey,
  subject: noSubject,
  run: (on, key) => locationOf(on, formatRef(key)),
});

export const backstageLocationOfRef = query({
  name: "entity.read",
  summary: "The address that an entity was read from, by the entity's ref.",
  input: z.strictObject({ entityRef: z.string().max(300) }),
  subject: noSubject,
  run: (on, { entityRef }) => locationOf(on, wholeRef(entityRef)),
});

async function locationOf(on: Connection, ref: string): Promise<BackstageLocation> {
  const [found] = await on
    .select({ id: catalogLocations.id, target: catalogLocations.url })
    .from(entities)
    .innerJoin(catalogLocations, sql`${catalogLocations.url} = ${entities.source} ->> 'url'`)
    .where(eq(entities.ref, ref));
  if (!found) throw new DomainError("not_found", `${ref} was not read from an address.`);
  return { id: found.id, type: "url", target: found.target };
}
