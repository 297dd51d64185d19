import { and, asc, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";
import { INVERSE, type RelationType } from "../contract";
import { anyOf } from "../import/known";
import { LOCATION, UID } from "./fields";

/** An entity as clients of Backstage know it. */
export interface BackstageEntity {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; uid: string; etag: string; annotations: Record<string, string>; [key: string]: unknown };
  relations: { type: string; targetRef: string }[];
  [key: string]: unknown;
}

const COLUMNS = {
  ref: entities.ref,
  definition: entities.definition,
  etag: entities.contentHash,
  uid: sql<string>`${UID}::text`,
  location: LOCATION,
  namespace: entities.namespace,
};

export type BackstageRow = { [K in "ref" | "etag" | "uid" | "location" | "namespace"]: string } & { definition: Record<string, unknown> };

/** Rows of entities that meet a condition; `extra` columns come with them. */
export function selectRows(on: Connection, where: SQL | undefined, orderBy: SQL[] = [asc(entities.ref)]) {
  return on
    .select(COLUMNS)
    .from(entities)
    .where(where)
    .orderBy(...orderBy);
}

/** The rows with their relations from both ends, in their order. */
export async function withRelations(on: Connection, rows: BackstageRow[]): Promise<BackstageEntity[]> {
  return related(rows, await relationsOf(on, refsOf(rows)));
}

/** Entities by their refs where they meet a condition, with their relations; both are asked for at once. */
export async function readWithRelations(on: Connection, refs: string[], where: SQL | undefined): Promise<Map<string, BackstageEntity>> {
  const [rows, relations] = await Promise.all([selectRows(on, and(sql`${entities.ref} = ${anyOf(refs)}`, where)), relationsOf(on, refs)]);
  return new Map(related(rows, relations).map((entity, index) => [rows[index]?.ref ?? "", entity]));
}

const refsOf = (rows: BackstageRow[]) => rows.map(({ ref }) => ref);

function related(rows: BackstageRow[], relations: Map<string, BackstageEntity["relations"]>): BackstageEntity[] {
  return rows.map(({ ref, definition, etag, uid, location, namespace }) => {
    const metadata = definition.metadata as Record<string, unknown>;
    const annotations = {
      ...(metadata.annotations as Record<string, string> | undefined),
      "backstage.io/managed-by-location": location,
      "backstage.io/managed-by-origin-location": location,
    };
    return {
      ...definition,
      apiVersion: String(definition.apiVersion ?? ""),
      kind: String(definition.kind),
      metadata: { ...metadata, name: String(metadata.name), namespace, uid, etag, annotations },
      relations: relations.get(ref) ?? [],
    };
  });
}

async function relationsOf(on: Connection, refs: string[]): Promise<Map<string, BackstageEntity["relations"]>> {
  const found = new Map<string, BackstageEntity["relations"]>();
  if (refs.length === 0) return found;
  const rows = await on.execute<{ own: string; type: RelationType; other: string; is_back: boolean }>(sql`
    select from_ref as own, type, to_ref as other, false as is_back from entity_relations where from_ref = ${anyOf(refs)}
    union select to_ref, type, from_ref, true from entity_relations where to_ref = ${anyOf(refs)}`);
  for (const { own, type, other, is_back: isBack } of rows) {
    const list = found.get(own) ?? [];
    found.set(own, list);
    list.push({ type: isBack ? INVERSE[type] : type, targetRef: other });
  }
  for (const list of found.values()) list.sort((a, b) => (a.type === b.type ? (a.targetRef < b.targetRef ? -1 : 1) : a.type < b.type ? -1 : 1));
  return found;
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/** Only these dotted paths of an entity; keys may hold dots themselves. Empty: all of it. */
export function project(entity: Plain, fields: string[]): Plain {
  if (fields.length === 0) return entity;
  const output: Plain = {};
  for (const field of fields) {
    const path = pathTo(entity, field.split("."));
    if (!path) continue;
    let into = output;
    let from: unknown = entity;
    for (const [index, key] of path.entries()) {
      from = (from as Plain)[key];
      if (index === path.length - 1) into[key] = from;
      else {
        into[key] = isPlain(into[key]) ? { ...(into[key] as Plain) } : {};
        into = into[key] as Plain;
      }
    }
  }
  return output;
}

/** The keys that lead to a field, where parts of the path may belong to one key. */
function pathTo(value: unknown, parts: string[]): string[] | null {
  if (parts.length === 0) return [];
  if (!isPlain(value)) return null;
  for (let length = 1; length <= parts.length; length++) {
    const key = parts.slice(0, length).join(".");
    const rest = Object.hasOwn(value, key) ? pathTo(value[key], parts.slice(length)) : null;
    if (rest) return [key, ...rest];
  }
  return null;
}
