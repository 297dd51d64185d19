import { count, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import type { EntityFilter, FacetCount, FacetName } from "./contract";
import { matchingFilter } from "./list";
import { findSearch, type Search } from "./search";

const MAX_VALUES = 100;
/** Few values each: counted together in one pass, then added up. */
const TOGETHER = { kind: entities.kind, type: entities.type, lifecycle: entities.lifecycle } as const;
type Together = keyof typeof TOGETHER;
const isTogether = (facet: FacetName): facet is Together => facet in TOGETHER;

/** How many entities there are of each value of these facets, most first. A facet's own filter is left out, so that its counts show what else could be chosen. */
export async function readFacets(on: Connection, ctx: Ctx, filter: EntityFilter, wanted: readonly FacetName[]): Promise<Record<string, FacetCount[]>> {
  const search = filter.q ? await findSearch(on, filter.q) : null;
  const shared = wanted.filter(isTogether).filter((facet) => !filter[facet]);
  const [together, ...alone] = await Promise.all([
    shared.length ? countTogether(on, matchingFilter(ctx, filter, search)) : [],
    ...wanted.filter((facet) => !(shared as FacetName[]).includes(facet)).map((facet) => countAlone(on, ctx, filter, search, facet)),
  ]);
  const counts = new Map<FacetName, FacetCount[]>([...shared.map((facet) => [facet, addUp(together, facet)] as const), ...alone]);
  return Object.fromEntries(wanted.map((facet) => [facet, counts.get(facet) ?? []]));
}

function countTogether(on: Connection, where: SQL | undefined) {
  return on
    .select({ ...TOGETHER, n: count() })
    .from(entities)
    .where(where)
    .groupBy(entities.kind, entities.type, entities.lifecycle);
}

function addUp(rows: Awaited<ReturnType<typeof countTogether>>, facet: Together): FacetCount[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const value = row[facet];
    if (value !== null) sums.set(value, (sums.get(value) ?? 0) + row.n);
  }
  const counts = [...sums].map(([value, n]) => ({ value, count: n }));
  return counts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, MAX_VALUES);
}

async function countAlone(on: Connection, ctx: Ctx, filter: EntityFilter, search: Search | null, facet: FacetName): Promise<[FacetName, FacetCount[]]> {
  const column = isTogether(facet) ? TOGETHER[facet] : entities.ownerRef;
  const value = facet === "tag" ? sql<string | null>`unnest(${entities.tags})` : sql<string | null>`${column}`;
  const rows = await on
    .select({ value: value.as("value"), count: count().as("n") })
    .from(entities)
    .where(matchingFilter(ctx, filter, search, facet))
    .groupBy(sql`1`)
    .orderBy(sql`2 desc`, sql`1`)
    .limit(MAX_VALUES + 1);
  return [facet, rows.flatMap((row) => (row.value === null ? [] : [{ value: row.value, count: row.count }])).slice(0, MAX_VALUES)];
}
