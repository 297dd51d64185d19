import { MAX_ATTRIBUTES, MAX_KEY_CHARS, MAX_VALUE_CHARS } from "../limits";

// Readers for a tree that anybody may have sent, as JSON or decoded from protobuf. What does not fit is null, never an exception.

export type Scalar = string | number | boolean;
export type Attributes = Record<string, Scalar>;

const MAX_DEPTH = 3;
const HIDDEN = "(hidden)";
const SECRET_KEY = /authorization|cookie|password|passwd|secret|token|api[-_.]?key|credential/i;
const URL_KEY = /^(url\.full|url\.query|http\.url|http\.target)$/;

/** The value's field; undefined for what is no object. Of a decoded message also its default. */
export function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined;
}

/** The list in a field, empty where the field is missing; null for anything that is not a list. */
export function listIn(value: unknown, name: string): unknown[] | null {
  const found = field(value, name);
  return found === undefined || found === null ? [] : Array.isArray(found) ? found : null;
}

/** A text that Postgres can store, cut to a length. */
export function cleanText(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/\u0000|\p{Surrogate}/gu, "\uFFFD");
}

/** An id as lower-case hex; null unless it has this many bytes and is not all zero. */
export function hexId(value: unknown, bytes: number): string | null {
  const hex = value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex") : typeof value === "string" ? value.toLowerCase() : "";
  return hex.length === bytes * 2 && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex) ? hex : null;
}

const isEmptyId = (value: unknown) => value === undefined || value === null || value === "" || ((value instanceof Uint8Array || Array.isArray(value)) && value.length === 0);

/** Like `hexId` for an id that may be missing: undefined when it is there and malformed. */
export const optionalId = (value: unknown, bytes: number): string | null | undefined => (isEmptyId(value) ? null : (hexId(value, bytes) ?? undefined));

/** A number as JSON, a text of digits or a 64-bit number of the decoder; null for others. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") return /^-?\d{1,20}$/.test(value) ? Number(value) : null;
  const toNumber = field(value, "toNumber");
  return typeof toNumber === "function" ? Number(toNumber.call(value)) : null;
}

/** Epoch nanoseconds as milliseconds with fractions; null where there are none. */
export function millisOf(value: unknown): number | null {
  const nanos = numberOf(value);
  return nanos === null || nanos <= 0 ? null : nanos / 1e6;
}

function scalarOf(value: unknown, depth = 0): Scalar | null {
  const own = (name: string) => (value !== null && typeof value === "object" && Object.hasOwn(value, name) ? field(value, name) : undefined);
  const text = own("stringValue");
  if (typeof text === "string") return cleanText(text, MAX_VALUE_CHARS);
  const truth = own("boolValue");
  if (typeof truth === "boolean") return truth;
  for (const name of ["intValue", "doubleValue"]) if (own(name) !== undefined) return numberOf(own(name));
  const list = listIn(own("arrayValue"), "values");
  if (!list?.length || depth >= MAX_DEPTH) return null;
  return cleanText(
    list
      .slice(0, MAX_ATTRIBUTES)
      .map((one) => String(scalarOf(one, depth + 1) ?? ""))
      .join(", "),
    MAX_VALUE_CHARS,
  );
}

/** A body or value as text; maps as JSON. */
export function textOf(value: unknown, maxChars: number): string {
  if (typeof field(value, "stringValue") === "string" && Object.hasOwn(value as object, "stringValue")) return cleanText(String(field(value, "stringValue")), maxChars);
  const pairs = listIn(field(value, "kvlistValue"), "values");
  if (pairs?.length) return cleanText(JSON.stringify(attributesOf(pairs)), maxChars);
  return cleanText(String(scalarOf(value) ?? ""), maxChars);
}

function safe(key: string, value: Scalar): Scalar {
  if (SECRET_KEY.test(key)) return HIDDEN;
  // What comes after the question mark is often a secret of the caller, and never a route.
  return URL_KEY.test(key) && typeof value === "string" ? value.replace(/[?#].*$/s, key === "url.query" ? "" : "?…").replace(/\/\/[^/@]*@/, "//") : value;
}

/** The first attributes that can be kept: scalars, cut to length, without what looks like a secret. */
export function attributesOf(list: unknown[]): Attributes {
  const found: Attributes = {};
  let count = 0;
  for (const pair of list) {
    const key = field(pair, "key");
    const value = typeof key === "string" && key !== "" ? scalarOf(field(pair, "value")) : null;
    if (typeof key !== "string" || value === null) continue;
    if (++count > MAX_ATTRIBUTES) break;
    const name = cleanText(key, MAX_KEY_CHARS);
    if (name !== "__proto__" && name !== "url.query") found[name] = safe(name, value);
  }
  return found;
}
