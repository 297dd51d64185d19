import { type SQL, sql } from "drizzle-orm";
import { type Compare, type Filter, parse, type Suffix, type ValuePath } from "scim2-parse-filter";
import { ScimRefusal } from "./protocol";

const MAX_CHARS = 4_000;
const MAX_DEPTH = 20;

/** One attribute as SQL sees it. */
export type Attribute =
  | { kind: "text"; sql: SQL; caseExact?: boolean }
  | { kind: "boolean"; sql: SQL }
  | { kind: "moment"; sql: SQL }
  /** Several values: `exists` wraps a condition on one of them, whose attributes are `of`; a bare comparison means `value`. */
  | { kind: "many"; exists: (condition: SQL) => SQL; of: Record<string, Attribute> };

/** Attributes by lower-case name. */
export type Attributes = Record<string, Attribute>;

const refused = (message: string) => new ScimRefusal("invalidFilter", message);

/** Parses a filter. The parser's own patterns back-track on line breaks in quotes, and it calls itself for brackets: both are kept from it. */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_CHARS) throw refused(`The filter is longer than ${MAX_CHARS} characters.`);
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refused("The filter contains a control character. Quote it as in JSON.");
  if (depthOf(text) > MAX_DEPTH) throw refused(`The filter is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return parse(text);
  } catch (error) {
    throw refused(`The filter cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : "unreadable"}.`);
  }
}

/** How deep brackets and `not` nest; quotes are left out. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[(\])]|\bnot\b/gi)) {
    if (token === "]" || token === ")") depth--;
    else if (!token.startsWith('"')) deepest = Math.max(deepest, ++depth);
  }
  return deepest;
}

/** A filter as a condition. Throws invalidFilter for attributes and comparisons that there are not. */
export function conditionOf(filter: Filter, attributes: Attributes, schema: string): SQL {
  switch (filter.op) {
    case "and":
    case "or": {
      const parts = (filter.filters as Filter[]).map((one) => conditionOf(one, attributes, schema));
      return sql`(${sql.join(parts, filter.op === "and" ? sql` and ` : sql` or `)})`;
    }
    case "not":
      return sql`(not coalesce(${conditionOf(filter.filter as Filter, attributes, schema)}, false))`;
    case "[]": {
      const { attrPath, valFilter } = filter as ValuePath;
      const many = attributeAt(attrPath, attributes, schema);
      if (many.kind !== "many") throw refused(`"${attrPath}" has one value, so it takes no brackets.`);
      return many.exists(conditionOf(valFilter as Filter, many.of, schema));
    }
    default:
      return comparison(filter as Compare | Suffix, attributes, schema);
  }
}

/** The attribute of a path such as `name.familyName` or `urn:…:User:userName`. Throws invalidFilter. */
export function attributeAt(path: string, attributes: Attributes, schema: string): Attribute {
  const lower = path.toLowerCase();
  const plain = lower.startsWith(`${schema.toLowerCase()}:`) ? lower.slice(schema.length + 1) : lower;
  const found = Object.hasOwn(attributes, plain) ? attributes[plain] : undefined;
  if (found) return found;
  const dot = plain.lastIndexOf(".");
  const many = dot > 0 && Object.hasOwn(attributes, plain.slice(0, dot)) ? attributes[plain.slice(0, dot)] : undefined;
  const inner = many?.kind === "many" && Object.hasOwn(many.of, plain.slice(dot + 1)) ? many.of[plain.slice(dot + 1)] : undefined;
  if (!inner || many?.kind !== "many") throw refused(`There is no attribute "${path.slice(0, 100)}" to filter by.`);
  return { kind: "many", exists: many.exists, of: { value: inner } };
}

function comparison(filter: Compare | Suffix, attributes: Attributes, schema: string): SQL {
  const attribute = attributeAt(filter.attrPath, attributes, schema);
  if (attribute.kind !== "many") return compare(filter, attribute);
  const { value } = attribute.of;
  if (!value) throw refused(`"${filter.attrPath}" cannot be compared. Name a part of it.`);
  return attribute.exists(value.kind === "many" ? comparison({ ...filter, attrPath: "value" }, attribute.of, schema) : compare(filter, value));
}

function compare(filter: Compare | Suffix, attribute: Exclude<Attribute, { kind: "many" }>): SQL {
  const { op, attrPath } = filter;
  if (!("compValue" in filter)) return attribute.kind === "text" ? sql`coalesce(${attribute.sql}, '') <> ''` : sql`${attribute.sql} is not null`;
  const { compValue } = filter;
  if (compValue === null) {
    if (op === "eq") return sql`${attribute.sql} is null`;
    if (op === "ne") return sql`${attribute.sql} is not null`;
    throw refused(`"${attrPath} ${op} null" means nothing.`);
  }
  if (attribute.kind === "boolean") {
    const wanted = typeof compValue === "boolean" ? compValue : /^(true|false)$/i.test(String(compValue)) ? /^true$/i.test(String(compValue)) : null;
    if (wanted === null || (op !== "eq" && op !== "ne")) throw refused(`"${attrPath}" is true or false: compare it with eq or ne.`);
    return op === "eq" ? sql`${attribute.sql} = ${wanted}` : sql`${attribute.sql} is distinct from ${wanted}`;
  }
  if (attribute.kind === "moment") return ordered(op, attribute.sql, sql`${momentOf(String(compValue), attrPath)}::timestamptz`, attrPath);
  const fold = (value: SQL) => (attribute.caseExact ? value : sql`lower(${value})`);
  return ofText(op, fold(attribute.sql), fold(sql`${String(compValue)}::text`), attrPath);
}

function ofText(op: string, column: SQL, value: SQL, attrPath: string): SQL {
  if (op === "co") return sql`strpos(${column}, ${value}) > 0`;
  if (op === "sw") return sql`starts_with(${column}, ${value})`;
  if (op === "ew") return sql`right(${column}, length(${value})) = ${value}`;
  return ordered(op, column, value, attrPath);
}

const SIGNS: Record<string, SQL> = { eq: sql`=`, ne: sql`is distinct from`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` };

function ordered(op: string, column: SQL, value: SQL, attrPath: string): SQL {
  const sign = Object.hasOwn(SIGNS, op) ? SIGNS[op] : undefined;
  if (!sign) throw refused(`"${attrPath}" cannot be compared with ${op}.`);
  return sql`${column} ${sign} ${value}`;
}

function momentOf(text: string, attrPath: string): string {
  const time = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time)) throw refused(`"${attrPath}" is a time: write it as 2026-11-24T08:00:00Z.`);
  return new Date(time).toISOString();
}
