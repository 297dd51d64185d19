import { isRecord, type Resource } from "./protocol";

/** Which attributes of a resource are wanted, from `attributes` and `excludedAttributes`. */
export interface Selection {
  only: string[] | null;
  without: string[];
}

const ALWAYS = new Set(["schemas", "id"]);

/** Names from a comma-separated parameter, or a list in a search request. */
export function selectionOf(attributes: unknown, excluded: unknown): Selection {
  const names = (value: unknown): string[] =>
    (Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : []).flatMap((one) => (typeof one === "string" && one.trim() ? [plainName(one.trim())] : []));
  const only = names(attributes);
  return { only: only.length ? only : null, without: names(excluded) };
}

/** Without the core schema's prefix, in lower case. */
const plainName = (name: string) => name.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, "");

/** True where the attribute is a part of the answer: then it need not be read at all. */
export function wants({ only, without }: Selection, name: string): boolean {
  const lower = name.toLowerCase();
  return only ? only.some((one) => one === lower || one.startsWith(`${lower}.`)) : !without.includes(lower);
}

/** The resource with what was asked for; `schemas` and `id` always. Unknown names are of no consequence. */
export function select(resource: Resource, { only, without }: Selection): Record<string, unknown> {
  const entries = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    const lower = name.toLowerCase();
    if (ALWAYS.has(lower)) return [[name, value]];
    if (only) {
      if (only.includes(lower)) return [[name, value]];
      const parts = partsOf(only, lower);
      return parts.length ? [[name, narrowed(value, (part) => parts.includes(part))]] : [];
    }
    if (without.includes(lower)) return [];
    const parts = partsOf(without, lower);
    return [[name, parts.length ? narrowed(value, (part) => !parts.includes(part)) : value]];
  });
  return Object.fromEntries(entries);
}

/** Parts of an attribute that are named: `givenname` of `name.givenname`, `department` of `urn:…:user:department`. */
const partsOf = (names: string[], attribute: string) =>
  names.flatMap((one) => (one.startsWith(`${attribute}.`) || one.startsWith(`${attribute}:`) ? [one.slice(attribute.length + 1)] : []));

function narrowed(value: unknown, keeps: (part: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => narrowed(one, keeps));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([part]) => keeps(part.toLowerCase()))) : value;
}
