import { and, count, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { isPresent } from "../sources/presence";
import { type BackstageEntity, project, readWithRelations, selectRows, withRelations } from "./entity";
import { conditionOf, orderOf, textCondition } from "./fields";
import { parseFilters, parsePredicate } from "./predicate";

const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 200;

const Texts = z.array(z.string().max(500)).max(100);
const Order = z.strictObject({ field: z.string().min(1).max(300), order: z.enum(["asc", "desc"]) });

/** What a page is of; it travels in the cursor, so that the next page is of the same. */
const Wanted = z.strictObject({
  filter: z.array(z.string().max(5_000)).max(200).optional(),
  query: z.record(z.string(), z.unknown()).optional(),
  orderFields: z.array(Order).max(5).optional(),
  fullTextFilter: z.strictObject({ term: z.string().max(200).optional(), fields: Texts.optional() }).optional(),
});

export const PageInput = Wanted.extend({
  fields: Texts.optional(),
  limit: z.coerce.number().int().min(0).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).optional(),
  cursor: z.string().max(20_000).optional(),
  totalItems: z.enum(["include", "exclude"]).optional(),
});

const Cursor = Wanted.extend({
  offset: z.number().int().min(0).optional(),
  /** Looking back: no more than what lies before the page that one came from. */
  most: z.number().int().min(1).optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  totalItems: z.number().optional(),
});
type CursorData = z.infer<typeof Cursor>;

/** Standard base64, and a member `query` where there is one: the client reads both. */
const writeCursor = (data: CursorData) => Buffer.from(JSON.stringify(data)).toString("base64");

function readCursor(text: string): CursorData {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, "base64").toString("utf8")));
  } catch (cause) {
    throw new DomainError("invalid", "The cursor is not one of this list. Start again without it.", { cause });
  }
}

/** What `filter` and `query` ask for. Throws invalid. */
export function conditionOn({ filter = [], query }: { filter?: string[] | undefined; query?: Record<string, unknown> | undefined }): SQL | undefined {
  const filters = parseFilters(filter);
  return and(filters ? conditionOf(filters) : undefined, query ? conditionOf(parsePredicate(query)) : undefined);
}

function textOn({ fullTextFilter, orderFields }: CursorData): SQL | undefined {
  const term = fullTextFilter?.term?.trim();
  if (!term) return undefined;
  const fields = fullTextFilter?.fields?.length ? fullTextFilter.fields : [orderFields?.[0]?.field ?? "metadata.uid"];
  return textCondition(
    term,
    fields.map((field) => field.toLowerCase()),
  );
}

export interface BackstagePage {
  items: Record<string, unknown>[];
  totalItems: number;
  pageInfo: { nextCursor?: string; prevCursor?: string };
}

/** One page as Backstage gives it: in the order of refs, or by the wanted fields, what lacks them last. */
export async function readPage(on: Connection, input: z.infer<typeof PageInput>): Promise<BackstagePage> {
  const { fields = [], limit: asked = DEFAULT_LIMIT, offset, cursor, totalItems, ...wanted } = input;
  const at: CursorData = cursor ? readCursor(cursor) : { ...wanted, ...(offset ? { offset } : {}) };
  const limit = Math.min(asked, at.most ?? MAX_LIMIT, MAX_LIMIT);
  const where = and(isPresent, conditionOn(at), textOn(at));
  const isCounted = !cursor && totalItems !== "exclude";
  const [items, [counted]] = await Promise.all([limit > 0 ? pageItems(on, at, where, limit) : [], isCounted ? on.select({ n: count() }).from(entities).where(where) : []]);
  const total = counted?.n ?? at.totalItems;
  const { offset: _offset, most: _most, after: _after, before: _before, ...same } = { ...at, ...(total === undefined ? {} : { totalItems: total }) };
  return {
    items: (await withRelations(on, items.slice(0, limit))).map((entity) => project(entity, fields)),
    totalItems: total ?? 0,
    pageInfo: limit > 0 ? pageInfo(at, items, limit, same) : {},
  };
}

type Row = Awaited<ReturnType<typeof selectRows>>[number];
const isByRef = (at: CursorData) => !at.orderFields?.length && at.offset === undefined;

async function pageItems(on: Connection, at: CursorData, where: SQL | undefined, limit: number): Promise<Row[]> {
  const { ref } = entities;
  if (isByRef(at)) {
    if (at.before !== undefined) return (await selectRows(on, and(where, sql`${ref} < ${at.before}`), [sql`${ref} desc`]).limit(limit)).reverse();
    return selectRows(on, at.after === undefined ? where : and(where, sql`${ref} > ${at.after}`)).limit(limit + 1);
  }
  const order = (at.orderFields ?? []).map(({ field, order: way }) => sql`${orderOf(field.toLowerCase())} ${sql.raw(way)} nulls last`);
  return selectRows(on, where, [...order, sql`${ref}`])
    .limit(limit + 1)
    .offset(at.offset ?? 0);
}

function pageInfo(at: CursorData, rows: Row[], limit: number, same: CursorData): BackstagePage["pageInfo"] {
  const [first, last] = [rows[0], rows.slice(0, limit).at(-1)];
  // Looking back there are always some that follow: the page that one came from.
  const hasMore = rows.length > limit || at.before !== undefined;
  if (isByRef(at)) {
    const isLater = at.after !== undefined || (at.before !== undefined && rows.length === limit);
    return {
      ...(hasMore && last ? { nextCursor: writeCursor({ ...same, after: last.ref }) } : {}),
      ...(isLater && first ? { prevCursor: writeCursor({ ...same, before: first.ref }) } : {}),
    };
  }
  const offset = at.offset ?? 0;
  return {
    ...(hasMore ? { nextCursor: writeCursor({ ...same, offset: offset + limit }) } : {}),
    ...(offset > 0 ? { prevCursor: writeCursor({ ...same, offset: Math.max(0, offset - limit), most: Math.min(offset, limit) }) } : {}),
  };
}

/** Entities by their refs, in their order; null where there is none, or where it is not one of those asked for. */
export async function readByRefs(on: Connection, refs: string[], where: SQL | undefined): Promise<(BackstageEntity | null)[]> {
  const wanted = refs.map((ref) => ref.toLowerCase());
  const found = await readWithRelations(on, wanted, where);
  return wanted.map((ref) => found.get(ref) ?? null);
}
