import type { FieldChange } from "../contract";
import { isPlainObject, shown } from "./draft";

const MAX_CHANGES = 100;

/** What differs between two documents, value by value, in the order of the new one. A list counts as one value; at most 100 changes. */
export function changesBetween(before: unknown, after: unknown): FieldChange[] {
  return [...differences(before, after, "")].slice(0, MAX_CHANGES);
}

function* differences(before: unknown, after: unknown, path: string): Generator<FieldChange> {
  if (isPlainObject(before) && isPlainObject(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) yield* differences(own(before, key), own(after, key), `${path}${step(key, path)}`);
  } else if (!isSame(before, after)) {
    yield { path: path || "document", from: writtenAs(before), to: writtenAs(after) };
  }
}

const own = (object: Record<string, unknown>, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

function step(key: string, path: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path ? `.${key}` : key;
}

/** The order of keys says nothing, that of a list does. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isPlainObject(a) && isPlainObject(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(own(a, key), own(b, key)));
  return a === b;
}

const writtenAs = (value: unknown) => (value === undefined ? null : shown(value));
