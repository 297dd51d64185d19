import { ENTERPRISE_SCHEMA, isRecord, ScimRefusal, USER_SCHEMA } from "./protocol";

/** What a connection says of a person; `attributes` are the ones that are only kept and shown. */
export interface PersonRecord {
  userName: string;
  externalId: string | null;
  isActive: boolean;
  attributes: Record<string, unknown>;
}

type Kind = "text" | "boolean" | "complex" | "many";

interface Known {
  name: string;
  kind: Kind;
  parts?: readonly string[];
  booleans?: readonly string[];
}

const KNOWN: Known[] = [
  { name: "userName", kind: "text" },
  { name: "externalId", kind: "text" },
  { name: "active", kind: "boolean" },
  { name: "displayName", kind: "text" },
  { name: "title", kind: "text" },
  { name: "name", kind: "complex", parts: ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"] },
  { name: "emails", kind: "many", parts: ["value", "display", "type", "primary"], booleans: ["primary"] },
];
const ENTERPRISE: Known[] = [
  ...["employeeNumber", "costCenter", "organization", "division", "department"].map((name) => ({ name, kind: "text" as const })),
  { name: "manager", kind: "complex", parts: ["value", "displayName"] },
];
const READ_ONLY = new Set(["id", "meta", "schemas", "groups"]);
/** Of the core schema, and of no use here: taken without complaint and forgotten, since providers send them by default. */
const FORGOTTEN = new Set([
  ...["nickname", "profileurl", "usertype", "preferredlanguage", "locale", "timezone", "password", "phonenumbers", "ims", "photos", "addresses", "entitlements", "roles"],
  "x509certificates",
]);
const MAX_TEXT = 1_000;
const MAX_VALUES = 50;

const find = (known: Known[], name: string) => known.find((one) => one.name.toLowerCase() === name.toLowerCase());

/** What an attribute's name (with its part, without its filter) stands for. */
export type Place = { is: "attribute"; known: Known; part: string | null; schema: string | null } | { is: "extension" } | { is: "forgotten" } | { is: "read-only" };

/** Where `name.givenName`, `urn:…:User:department` and the like lead. Throws invalidPath for what there is not. */
export function placeOf(path: string): Place {
  const lower = path.toLowerCase();
  if (lower === ENTERPRISE_SCHEMA.toLowerCase()) return { is: "extension" };
  const isEnterprise = lower.startsWith(`${ENTERPRISE_SCHEMA.toLowerCase()}:`);
  const isCore = lower.startsWith(`${USER_SCHEMA.toLowerCase()}:`);
  if (lower.startsWith("urn:") && !isEnterprise && !isCore) return { is: "forgotten" };
  const plain = isEnterprise ? path.slice(ENTERPRISE_SCHEMA.length + 1) : isCore ? path.slice(USER_SCHEMA.length + 1) : path;
  const [name = "", part, ...more] = plain.split(".");
  if (!isEnterprise && READ_ONLY.has(name.toLowerCase())) return { is: "read-only" };
  if (!isEnterprise && FORGOTTEN.has(name.toLowerCase())) return { is: "forgotten" };
  const known = find(isEnterprise ? ENTERPRISE : KNOWN, name);
  if (!known || more.length) throw new ScimRefusal("invalidPath", `There is no attribute "${path.slice(0, 200)}".`);
  if (part === undefined) return { is: "attribute", known, part: null, schema: isEnterprise ? ENTERPRISE_SCHEMA : null };
  const exact = known.parts?.find((one) => one.toLowerCase() === part.toLowerCase());
  if (exact) return { is: "attribute", known, part: exact, schema: isEnterprise ? ENTERPRISE_SCHEMA : null };
  // `$ref` and the like of a part that is kept: of no use here.
  if (known.parts) return { is: "forgotten" };
  throw new ScimRefusal("invalidPath", `"${known.name}" has no part "${part.slice(0, 100)}".`);
}

/** A sent value as it is kept: null for "unassigned", true for "True", known parts only. Throws invalidValue. */
export function keptValue(known: Known, part: string | null, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (part !== null) return known.booleans?.includes(part) ? booleanOf(value, `${known.name}.${part}`) : textOf(value, `${known.name}.${part}`);
  switch (known.kind) {
    case "text":
      return textOf(value, known.name);
    case "boolean":
      return booleanOf(value, known.name);
    case "complex":
      return complexOf(known, value);
    case "many": {
      const values = Array.isArray(value) ? value : [value];
      if (values.length > MAX_VALUES) throw new ScimRefusal("invalidValue", `"${known.name}" has more than ${MAX_VALUES} values.`);
      return values.map((one) => complexOf(known, one)).filter((one) => one !== null);
    }
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") throw new ScimRefusal("invalidValue", `"${name}" must be a text.`);
  const text = String(value);
  if (text.length > MAX_TEXT) throw new ScimRefusal("invalidValue", `"${name}" is longer than ${MAX_TEXT} characters.`);
  return text;
}

/** Entra ID sends "True" and "False". */
function booleanOf(value: unknown, name: string): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === "true";
  throw new ScimRefusal("invalidValue", `"${name}" must be true or false.`);
}

function complexOf(known: Known, sent: unknown): Record<string, unknown> | null {
  // A manager may come as a bare id, or in a list of one.
  const value = Array.isArray(sent) && known.kind === "complex" ? sent[0] : sent;
  if (value === null || value === undefined) return null;
  const whole = isRecord(value) ? value : known.parts?.includes("value") ? { value } : null;
  if (!whole) throw new ScimRefusal("invalidValue", `"${known.name}" must be an object.`);
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(whole)) {
    const part = known.parts?.find((one) => one.toLowerCase() === key.toLowerCase());
    const read = part ? keptValue(known, part, inner) : null;
    if (part && read !== null) kept[part] = read;
  }
  return Object.keys(kept).length ? kept : null;
}

/** The known attributes of a sent resource in the library's shape; what is unknown is left out, as RFC 7644 lets a provider do. */
export function knownOf(resource: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const enterprise: Record<string, unknown> = {};
  const take = (into: Record<string, unknown>, known: Known | undefined, value: unknown) => {
    const read = known ? keptValue(known, null, value) : null;
    if (known && read !== null) into[known.name] = read;
  };
  for (const [key, value] of Object.entries(resource)) {
    if (key.toLowerCase() === ENTERPRISE_SCHEMA.toLowerCase()) {
      if (value !== null && !isRecord(value)) throw new ScimRefusal("invalidValue", "The enterprise extension must be an object.");
      for (const [name, inner] of Object.entries(value ?? {})) take(enterprise, find(ENTERPRISE, name), inner);
    } else take(kept, find(KNOWN, key), value);
  }
  return Object.keys(enterprise).length ? { ...kept, [ENTERPRISE_SCHEMA]: enterprise } : kept;
}
