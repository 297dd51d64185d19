import { and, count, desc, eq, inArray, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { catalogFindings, entities, teams } from "@/db/schema";
import { ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import type { FindingOwner, StoredFinding } from "./contract";
import { sourceKey } from "./ownership";
import { formatRef, parseRef } from "./ref";
import { ofSource } from "./sources/presence";

/** Whose finding it is: the owner of its entity, else the team that answers for the source; null for nobody's. */
const owner = sql<string | null>`coalesce((select e.owner_ref from entities e where e.ref = ${catalogFindings.entityRef}), ${catalogFindings.teamRef})`;

/** Not those that are over because what was missing has come. */
export function isOpenFinding(on: Connection): SQL | undefined {
  const isThere = on.select({ one: sql`1` }).from(entities).where(eq(entities.ref, catalogFindings.missingRef));
  const isTeam = on.select({ one: sql`1` }).from(teams).where(eq(teams.ref, catalogFindings.missingRef));
  return or(sql`${catalogFindings.missingRef} is null`, and(notExists(isThere), notExists(isTeam)));
}

function scoped({ actor }: Ctx, scope: "mine" | "team" | "all" | undefined): SQL | undefined {
  if (actor.type !== "user" || !scope || scope === "all") return undefined;
  const ownedByTeam = sql`${owner} in (select ${teams.ref} from ${teams} where ${teams.id} = any(${sql.param(ownTeamIds(actor))}::text[]))`;
  const registered = sql`exists (select 1 from entities e where e.ref = ${catalogFindings.entityRef} and e.registered_by = ${actor.id})`;
  return scope === "team" ? ownedByTeam : registered;
}

interface FindingFilter {
  entity?: string | undefined;
  scope?: "mine" | "team" | "all" | undefined;
  refused?: "true" | "false" | undefined;
  /** A ref or short name of a group, or `none`. */
  owner?: string | undefined;
  rule?: string | undefined;
}

function ownedBy(text: string | undefined): SQL | undefined {
  if (!text) return undefined;
  if (text === "none") return sql`${owner} is null`;
  const parts = parseRef(text, { kind: "group" });
  return parts ? eq(owner, formatRef(parts)) : sql`false`;
}

/** One page of what is to be put right, newest first. */
export async function readFindings(on: Connection, ctx: Ctx, filter: FindingFilter, page: { limit: number; cursor?: string | undefined }) {
  const where = and(
    isOpenFinding(on),
    scoped(ctx, filter.scope),
    filter.entity ? eq(catalogFindings.entityRef, filter.entity.toLowerCase()) : undefined,
    ownedBy(filter.owner),
    filter.rule ? eq(catalogFindings.rule, filter.rule) : undefined,
    filter.refused ? eq(catalogFindings.isRefusal, filter.refused === "true") : undefined,
  );
  const [rows, [totals]] = await Promise.all([
    on
      .select({ row: catalogFindings, owner })
      .from(catalogFindings)
      .where(and(where, page.cursor ? lt(catalogFindings.seq, Number(page.cursor)) : undefined))
      .orderBy(desc(catalogFindings.seq))
      .limit(page.limit + 1),
    on.select({ n: count() }).from(catalogFindings).where(where),
  ]);
  const shown = rows.slice(0, page.limit);
  const items = await withEntitiesOfFile(on, shown.map(presentFinding));
  return { items, nextCursor: rows.length > page.limit ? String(shown.at(-1)?.row.seq) : null, total: totals?.n ?? 0 };
}

function presentFinding({ row, owner: ownerRef }: { row: typeof catalogFindings.$inferSelect; owner: string | null }): StoredFinding {
  const { seq, source, file, line, entityRef, rule, message, fix, isRefusal, at } = row;
  return { id: seq, source, file, line, entityRef, rule, message, fix, ownerRef, refused: isRefusal, at: at.toISOString() };
}

const MOST_KEPT = 5;

/** Of documents that tell no entity any more: what the catalog has from their files. */
async function withEntitiesOfFile(on: Connection, findings: StoredFinding[]): Promise<StoredFinding[]> {
  const files = findings.filter(({ refused, entityRef, source }) => refused && entityRef === null && "path" in source);
  if (files.length === 0) return findings;
  const inFile = ({ source, file }: StoredFinding) => and(ofSource(source), sql`${entities.source} ->> 'path' = ${file}`);
  const kept = await on
    .select({ ref: entities.ref, source: entities.source })
    .from(entities)
    .where(or(...files.map(inFile)))
    .orderBy(entities.ref);
  const isOf =
    ({ source, file }: StoredFinding) =>
    (one: (typeof kept)[number]) =>
      "path" in one.source && one.source.path === file && sourceKey(one.source) === sourceKey(source);
  return findings.map((finding) =>
    files.includes(finding)
      ? {
          ...finding,
          ofFile: kept
            .filter(isOf(finding))
            .map(({ ref }) => ref)
            .slice(0, MOST_KEPT),
        }
      : finding,
  );
}

const MAX_OWNERS = 500;

/** How much each owner has to put right, most first; nobody's is of owner null. */
export async function countByOwner(on: Connection): Promise<FindingOwner[]> {
  const counted = on
    .select({ ownerRef: owner.as("owner_ref"), isRefusal: catalogFindings.isRefusal, rule: catalogFindings.rule })
    .from(catalogFindings)
    .where(isOpenFinding(on))
    .as("counted");
  const gone = sql<number>`count(*) filter (where ${counted.rule} = 'gone')`.mapWith(Number);
  return on
    .select({ ownerRef: counted.ownerRef, total: count(), refused: sql<number>`count(*) filter (where ${counted.isRefusal})`.mapWith(Number), gone })
    .from(counted)
    .groupBy(counted.ownerRef)
    .orderBy(desc(count()), counted.ownerRef)
    .limit(MAX_OWNERS);
}

/** Findings of these entities that are still open. */
export async function openFindingsOf(on: Connection, refs: string[]): Promise<StoredFinding[]> {
  if (refs.length === 0) return [];
  const rows = await on
    .select({ row: catalogFindings, owner })
    .from(catalogFindings)
    .where(and(isOpenFinding(on), inArray(catalogFindings.entityRef, refs)))
    .orderBy(catalogFindings.line)
    .limit(200);
  return rows.map(presentFinding);
}
