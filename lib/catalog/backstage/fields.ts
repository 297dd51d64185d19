import { type SQL, sql } from "drizzle-orm";
import { entities } from "@/db/schema";
import { INVERSE, RELATION_TYPES, type RelationType } from "../contract";
import { anyOf } from "../import/known";
import type { Predicate, Test } from "./predicate";

// Paths of Backstage as SQL: columns where there are some, the document itself for the rest.

/** The uid of an entity: made of its ref, so that it stays the same wherever and whenever it is imported. */
export const UID = sql`(md5(${entities.ref})::uuid)`;

/** Where an entity was read from, as Backstage writes locations. */
export const LOCATION = sql<string>`(case when ${entities.source} ? 'url' then 'url:' || (${entities.source} ->> 'url')
  else (${entities.source} ->> 'type') || ':' || coalesce(nullif(concat_ws('/', ${entities.source} ->> 'repositoryId', ${entities.source} ->> 'path'), ''), ${entities.source} ->> 'label', 'portal') end)`;

const COLUMNS: Record<string, SQL> = {
  kind: sql`${entities.kind}`,
  "metadata.name": sql`${entities.name}`,
  "metadata.namespace": sql`${entities.namespace}`,
  "metadata.uid": sql`${UID}::text`,
  "metadata.title": sql`(${entities.definition} #>> '{metadata,title}')`,
  "metadata.description": sql`nullif(${entities.description}, '')`,
  "spec.type": sql`${entities.type}`,
  "spec.lifecycle": sql`${entities.lifecycle}`,
  "metadata.annotations.backstage.io/managed-by-location": LOCATION,
  "metadata.annotations.backstage.io/managed-by-origin-location": LOCATION,
};

const RELATIONS = new Map<string, { type: RelationType; isBack: boolean }>(
  RELATION_TYPES.flatMap((type) => [
    [`relations.${type.toLowerCase()}`, { type, isBack: false }] as const,
    [`relations.${INVERSE[type].toLowerCase()}`, { type, isBack: true }] as const,
  ]),
);

/** The values at a path, as rows of a column `value` with their spelling. */
export function valuesOf(key: string): SQL {
  const relation = RELATIONS.get(key);
  if (relation)
    return relation.isBack
      ? sql`(select r.from_ref from entity_relations r where r.to_ref = ${entities.ref} and r.type = ${relation.type}) as v(value)`
      : sql`(select r.to_ref from entity_relations r where r.from_ref = ${entities.ref} and r.type = ${relation.type}) as v(value)`;
  // Kept as a column: reading the whole document for them takes a hundred times as long.
  if (key === "metadata.tags") return sql`(select unnest(${entities.tags})) as v(value)`;
  const column = COLUMNS[key];
  return column ? sql`(select ${column} where ${column} is not null) as v(value)` : sql`catalog_values(${entities.definition}, ${key}) as v(value)`;
}

/** How many entities have a value, among the rows of `valuesOf`; where an entity has each value once, counting rows is enough and quick. */
export function entitiesWith(key: string): SQL {
  return key in COLUMNS || key === "metadata.tags" ? sql`count(*)` : sql`count(distinct ${entities.ref})`;
}

function relationTest({ type, isBack }: { type: RelationType; isBack: boolean }, test: Test): SQL {
  const [own, other] = isBack ? [sql`r.to_ref`, sql`r.from_ref`] : [sql`r.from_ref`, sql`r.to_ref`];
  const value = "oneOf" in test ? sql` and ${other} = ${anyOf(test.oneOf)}` : "prefix" in test ? sql` and starts_with(${other}, ${test.prefix})` : sql``;
  const found = sql`${entities.ref} in (select ${own} from entity_relations r where r.type = ${type}${value})`;
  return "exists" in test && !test.exists ? sql`not (${found})` : found;
}

function testOf(test: Test): SQL {
  const relation = RELATIONS.get(test.key);
  if (relation) return relationTest(relation, test);
  // Stored in lower case, and indexed.
  if (test.key === "kind" && "oneOf" in test) return sql`${entities.kind} = ${anyOf(test.oneOf)}`;
  const column = COLUMNS[test.key];
  if ("exists" in test) {
    const found = column ? sql`${column} is not null` : sql`exists (select 1 from ${valuesOf(test.key)})`;
    return test.exists ? found : sql`not (${found})`;
  }
  const meets = (value: SQL) => ("prefix" in test ? sql`starts_with(lower(${value}), ${test.prefix})` : sql`lower(${value}) = ${anyOf(test.oneOf)}`);
  return column ? sql`coalesce(${meets(column)}, false)` : sql`exists (select 1 from ${valuesOf(test.key)} where ${meets(sql`v.value`)})`;
}

/** A predicate as a condition on entities. */
export function conditionOf(predicate: Predicate): SQL {
  if ("all" in predicate) return predicate.all.length ? sql`(${sql.join(predicate.all.map(conditionOf), sql` and `)})` : sql`true`;
  if ("any" in predicate) return predicate.any.length ? sql`(${sql.join(predicate.any.map(conditionOf), sql` or `)})` : sql`false`;
  if ("not" in predicate) return sql`not ${conditionOf(predicate.not)}`;
  return testOf(predicate);
}

/** What the label holds, which has an index for parts of words. */
const IN_LABEL = new Set(["metadata.name", "metadata.title", "spec.profile.displayname"]);

/** That one of these paths holds the text, anywhere and without case. */
export function textCondition(term: string, keys: string[]): SQL {
  const like = `%${term.toLowerCase().replace(/[%_\\]/g, "\\$&")}%`;
  const holds = (key: string) => {
    const column = COLUMNS[key];
    return column ? sql`lower(${column}) like ${like}` : sql`exists (select 1 from ${valuesOf(key)} where lower(v.value) like ${like})`;
  };
  const inLabel = keys.filter((key) => IN_LABEL.has(key)).map(holds);
  const elsewhere = keys.filter((key) => !IN_LABEL.has(key)).map(holds);
  const found = inLabel.length ? [sql`(${entities.label} like ${like} and (${sql.join(inLabel, sql` or `)}))`, ...elsewhere] : elsewhere;
  return sql`(${sql.join(found, sql` or `)})`;
}

/** What entities are ordered by for a path; null where there is no value. */
export function orderOf(key: string): SQL {
  if (key === "metadata.name") return sql`lower(${entities.name})`;
  const column = COLUMNS[key];
  return column ? sql`lower(${column})` : sql`(select min(lower(v.value)) from ${valuesOf(key)})`;
}
