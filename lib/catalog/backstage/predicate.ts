import { DomainError } from "@/lib/core/errors";

// What clients of Backstage filter by: `filter=kind=component,spec.type=service` (repeated: any of them) or a JSON predicate.

/** A condition on values at a dotted, lower-case path; values are compared in lower case. */
export type Test = { key: string; exists: boolean } | { key: string; oneOf: string[] } | { key: string; prefix: string };
export type Predicate = { all: Predicate[] } | { any: Predicate[] } | { not: Predicate } | Test;

const MAX_DEPTH = 20;
const MAX_PARTS = 200;

const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

/** The `filter` parameters of an address; null when there is none. Throws invalid. */
export function parseFilters(filters: string[]): Predicate | null {
  const sets = filters.map(parseSet).filter((set) => set !== null);
  if (filters.length > MAX_PARTS) throw invalid("filter", `At most ${MAX_PARTS} filters are understood.`);
  return sets.length ? { any: sets } : null;
}

/** Comma: all of them; the same key twice: any of its values; a key alone: that it is there. */
function parseSet(text: string): Predicate | null {
  const values = new Map<string, string[]>();
  const present = new Set<string>();
  for (const part of text.split(",").map((one) => one.trim())) {
    if (!part) continue;
    const at = part.indexOf("=");
    const key = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase();
    if (!key) throw invalid("filter", `"${part.slice(0, 80)}" is no filter. Write key=value.`);
    if (at < 0) present.add(key);
    else
      values.set(key, [
        ...(values.get(key) ?? []),
        part
          .slice(at + 1)
          .trim()
          .toLowerCase(),
      ]);
  }
  const all: Predicate[] = [...[...present].map((key) => ({ key, exists: true })), ...[...values].map(([key, oneOf]) => ({ key, oneOf }))];
  return all.length ? { all } : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isPrimitive = (value: unknown): value is string | number | boolean => ["string", "number", "boolean"].includes(typeof value);
const lower = (value: unknown) => String(value).toLowerCase();

/** A JSON predicate: paths with values, `$all`, `$any`, `$not`, `$exists`, `$in`, `$contains`, `$hasPrefix`. Throws invalid. */
export function parsePredicate(value: unknown, depth = 0): Predicate {
  if (depth > MAX_DEPTH) throw invalid("query", "The query is nested too deeply.");
  if (!isObject(value)) throw invalid("query", 'The query must be an object, for example {"kind": "component"}.');
  const inner = (list: unknown, name: string) => {
    if (!Array.isArray(list) || list.length > MAX_PARTS) throw invalid("query", `${name} takes a list of at most ${MAX_PARTS} conditions.`);
    return list.map((one) => parsePredicate(one, depth + 1));
  };
  if ("$not" in value) return { not: parsePredicate(value.$not, depth + 1) };
  if ("$all" in value) return { all: inner(value.$all, "$all") };
  if ("$any" in value) return { any: inner(value.$any, "$any") };
  return { all: Object.entries(value).map(([key, test]) => parseTest(key.toLowerCase(), test)) };
}

function parseTest(key: string, test: unknown): Test {
  if (isPrimitive(test)) return { key, oneOf: [lower(test)] };
  if (isObject(test)) {
    if (typeof test.$exists === "boolean") return { key, exists: test.$exists };
    if (Array.isArray(test.$in)) return { key, oneOf: test.$in.map(lower) };
    if (typeof test.$hasPrefix === "string") return { key, prefix: lower(test.$hasPrefix) };
    if (isPrimitive(test.$contains)) return { key, oneOf: [lower(test.$contains)] };
    if (key === "relations" && isObject(test.$contains)) return parseRelation(test.$contains);
  }
  throw invalid("query", `The condition on ${key.slice(0, 80)} is not understood. Use a value, $exists, $in, $contains or $hasPrefix.`);
}

function parseRelation(contains: Record<string, unknown>): Test {
  const { type, targetref: target, ...rest } = Object.fromEntries(Object.entries(contains).map(([name, inner]) => [name.toLowerCase(), inner]));
  if (typeof type !== "string" || Object.keys(rest).length > 0) throw invalid("query", "$contains of relations takes a type and a targetRef.");
  return target === undefined ? { key: `relations.${type.toLowerCase()}`, exists: true } : parseTest(`relations.${type.toLowerCase()}`, target);
}

/** Whether values at each path meet it; for lists that are not in the database's tables of entities. */
export function meets(predicate: Predicate, valuesAt: (key: string) => string[]): boolean {
  if ("all" in predicate) return predicate.all.every((one) => meets(one, valuesAt));
  if ("any" in predicate) return predicate.any.some((one) => meets(one, valuesAt));
  if ("not" in predicate) return !meets(predicate.not, valuesAt);
  const values = valuesAt(predicate.key).map(lower);
  if ("exists" in predicate) return values.length > 0 === predicate.exists;
  if ("prefix" in predicate) return values.some((value) => value.startsWith(predicate.prefix));
  return values.some((value) => predicate.oneOf.includes(value));
}
