import { and, asc, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { catalogStars, entities, teams } from "@/db/schema";
import { ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { EntityFilter, EntityRow, EntitySort, FacetName } from "./contract";
import { formatRef, parseRef } from "./ref";
import { findSearch, type Search, searchCondition, searchScore } from "./search";
import { isPresent } from "./sources/presence";
import { countEntities } from "./totals";

const values = (text: string | undefined) =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean)
    .slice(0, 50);

const ownerRefs = (text: string) =>
  values(text)
    .flatMap((one) => parseRef(one, { kind: "group" }) ?? [])
    .map(formatRef);

function oneOf(column: Parameters<typeof inArray>[0], wanted: string[]): SQL | undefined {
  return wanted.length ? inArray(column, wanted) : undefined;
}

function scoped({ actor }: Ctx, scope: EntityFilter["scope"]): SQL | undefined {
  if (actor.type !== "user" || !scope || scope === "all") return undefined;
  if (scope === "starred") return sql`${entities.ref} in (select ${catalogStars.entityRef} from ${catalogStars} where ${catalogStars.userId} = ${actor.id})`;
  if (scope === "team") return sql`${entities.ownerRef} in (select ${teams.ref} from ${teams} where ${teams.id} = any(${sql.param(ownTeamIds(actor))}::text[]))`;
  return or(eq(entities.registeredBy, actor.id), eq(entities.ownerRef, `user:default/${actor.handle}`));
}

/** The condition of a filter and of the search that its text was found to mean; `without` leaves one facet out. */
export function matchingFilter(ctx: Ctx, filter: EntityFilter, search: Search | null, without?: FacetName): SQL | undefined {
  const of = (facet: FacetName) => (facet === without ? [] : values(filter[facet]));
  const tags = of("tag");
  return and(
    oneOf(
      entities.kind,
      of("kind").map((kind) => kind.toLowerCase()),
    ),
    oneOf(entities.type, of("type")),
    oneOf(entities.lifecycle, of("lifecycle")),
    without === "owner" || !filter.owner ? undefined : oneOf(entities.ownerRef, ownerRefs(filter.owner)),
    filter.system
      ? oneOf(
          entities.systemRef,
          values(filter.system)
            .flatMap((one) => parseRef(one, { kind: "system" }) ?? [])
            .map(formatRef),
        )
      : undefined,
    tags.length ? sql`${entities.tags} && ${sql.param(tags, entities.tags)}` : undefined,
    scoped(ctx, filter.scope),
    search ? searchCondition(search) : undefined,
    isPresent,
  );
}

const { ref, kind, namespace, name, title, description, type, lifecycle, ownerRef, systemRef, tags, goldenPath, goldenPathVersion, repositoryId, isDemo, createdAt, updatedAt } =
  entities;
const COLUMNS = {
  ref,
  kind,
  namespace,
  name,
  title,
  description,
  type,
  lifecycle,
  ownerRef,
  systemRef,
  tags,
  goldenPath,
  goldenPathVersion,
  repositoryId,
  isDemo,
  createdAt,
  updatedAt,
  teamId: teams.id,
};

/** Place in the list: after a name and ref, or after so many of the best matches. */
type Place = { after: [string, string] } | { skip: number };

const MAX_SKIP = 10_000;

function readCursor(text: string, isSearch: boolean): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (isSearch && typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_SKIP) return { skip: value };
    if (!isSearch && Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string")) return { after: value as [string, string] };
  } catch {
    // Told below, like any other text that is no cursor of this list.
  }
  throw new DomainError("invalid", "The cursor is not one of this list. Start again without it.", {
    fields: [{ path: "cursor", message: "Leave it out to start from the first page." }],
  });
}

const writeCursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export interface EntityPage {
  items: EntityRow[];
  nextCursor: string | null;
  total: number;
  /** What was looked for instead of `q`, where nothing holds it as it was typed. */
  correctedQuery?: string;
}

/** What lists are ordered by; each is never null, so that a cursor can compare it. */
const SORT_KEYS: Record<string, SQL<string>> = {
  name: sql`lower(${entities.name})`,
  kind: sql`${entities.kind} || ' ' || coalesce(${entities.type}, '')`,
  owner: sql`coalesce(${entities.ownerRef}, '')`,
  lifecycle: sql`coalesce(${entities.lifecycle}, '')`,
  updated: sql`to_char(${entities.updatedAt} at time zone 'utc', 'YYYYMMDDHH24MISSUS')`,
};

function orderOf(sort: EntitySort) {
  const isBack = sort.startsWith("-");
  const key = SORT_KEYS[sort.replace("-", "")] ?? sql<string>`lower(${entities.name})`;
  const turn = isBack ? desc : asc;
  return {
    key,
    by: [turn(key), turn(entities.ref)],
    after: ([value, ref]: [string, string]) => (isBack ? sql`(${key}, ${entities.ref}) < (${value}, ${ref})` : sql`(${key}, ${entities.ref}) > (${value}, ${ref})`),
  };
}

/** One page of entities: by name or what is asked for, or the best matches first where a text is searched. */
export async function readEntityPage(
  on: Connection,
  ctx: Ctx,
  filter: EntityFilter,
  page: { limit: number; cursor?: string | undefined; sort?: EntitySort | undefined },
): Promise<EntityPage> {
  const search = filter.q ? await findSearch(on, filter.q) : null;
  const where = matchingFilter(ctx, filter, search);
  const isRanked = search !== null && !page.sort;
  const order = orderOf(page.sort ?? "name");
  const place = page.cursor ? readCursor(page.cursor, isRanked) : null;
  const after = place && "after" in place ? order.after(place.after) : undefined;
  const skip = place && "skip" in place ? place.skip : 0;
  // Ranking reads every match, so that it can count them too; after the last match there is no row to tell it.
  const isCounted = isRanked && skip === 0;
  const [rows, total] = await Promise.all([
    on
      .select({ ...COLUMNS, sortKey: order.key, matches: isCounted ? sql<number>`(count(*) over ())::int` : sql<number>`0` })
      .from(entities)
      .leftJoin(teams, eq(teams.ref, entities.ownerRef))
      .where(and(where, after))
      .orderBy(...(search && isRanked ? [desc(searchScore(search)), ...order.by] : order.by))
      .limit(page.limit + 1)
      .offset(skip),
    isCounted ? null : countEntities(on, where),
  ]);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const next = rows.length > page.limit && last ? (isRanked ? (skip + page.limit <= MAX_SKIP ? skip + page.limit : null) : [last.sortKey, last.ref]) : null;
  return {
    items: shown.map(({ sortKey: _key, matches: _matches, ...row }) => presentRow(row)),
    nextCursor: next === null ? null : writeCursor(next),
    total: total ?? rows[0]?.matches ?? 0,
    ...(search?.corrected ? { correctedQuery: search.corrected } : {}),
  };
}

function presentRow({
  goldenPath: path,
  goldenPathVersion: version,
  createdAt: created,
  updatedAt: updated,
  ...row
}: { [K in keyof typeof COLUMNS]: (typeof COLUMNS)[K]["_"]["data"] | null }): EntityRow {
  return {
    ...row,
    goldenPath: path ? { name: path, version: version ?? "" } : null,
    createdAt: created?.toISOString() ?? "",
    updatedAt: updated?.toISOString() ?? "",
  } as EntityRow;
}
