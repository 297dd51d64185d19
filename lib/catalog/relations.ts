import { asc, eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, entityRelations } from "@/db/schema";
import { type EntityRelation, INVERSE } from "./contract";

const MAX_RELATIONS = 1_000;
const target = { ref: entities.ref, kind: entities.kind, name: entities.name, title: entities.title, type: entities.type, ownerRef: entities.ownerRef };

/** Relations of an entity from both ends, each once, with what is known of the other one. */
export async function readRelations(on: Connection, ref: string): Promise<EntityRelation[]> {
  const { fromRef, toRef, type } = entityRelations;
  const [out, back] = await Promise.all([
    on
      .selectDistinct({ type, otherRef: toRef, target })
      .from(entityRelations)
      .leftJoin(entities, eq(entities.ref, toRef))
      .where(eq(fromRef, ref))
      .orderBy(asc(type), asc(toRef))
      .limit(MAX_RELATIONS),
    on
      .selectDistinct({ type, otherRef: fromRef, target })
      .from(entityRelations)
      .leftJoin(entities, eq(entities.ref, fromRef))
      .where(eq(toRef, ref))
      .orderBy(asc(type), asc(fromRef))
      .limit(MAX_RELATIONS),
  ]);
  const shown = (name: string, { otherRef, target: found }: (typeof out)[number]): EntityRelation => ({
    type: name,
    targetRef: otherRef,
    target: found?.ref ? withoutRef(found) : null,
  });
  return [...out.map((row) => shown(row.type, row)), ...back.map((row) => shown(INVERSE[row.type], row))];
}

function withoutRef({ ref: _ref, ...rest }: { ref: string; kind: string; name: string; title: string; type: string | null; ownerRef: string | null }) {
  return rest;
}

/** How many relations an entity has that its dependency page shows. */
export async function countDependencies(on: Connection, ref: string): Promise<number> {
  const rows = await on.execute<{ n: number }>(sql`
    select count(distinct (from_ref, type, to_ref))::int as n from entity_relations
    where (from_ref = ${ref} or to_ref = ${ref}) and type in ('partOf', 'providesApi', 'consumesApi', 'dependsOn', 'childOf')`);
  return rows[0]?.n ?? 0;
}
