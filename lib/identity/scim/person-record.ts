import { knownOf, type PersonRecord } from "./person-attributes";
import { ENTERPRISE_SCHEMA, isRecord, ScimRefusal, USER_SCHEMA } from "./protocol";
import { PersonSchema } from "./schemas";

const MAX_NAME = 200;

/** The library's shape as what is stored. Throws invalidValue without a userName. */
export function recordOf(whole: Record<string, unknown>, wasActive: boolean): PersonRecord {
  const { userName, externalId, active, ...attributes } = whole;
  if (typeof userName !== "string" || userName.trim() === "") throw new ScimRefusal("invalidValue", '"userName" is missing. It is what the provider calls the person.');
  if (userName.length > MAX_NAME) throw new ScimRefusal("invalidValue", `"userName" is longer than ${MAX_NAME} characters.`);
  return {
    userName: userName.trim(),
    externalId: typeof externalId === "string" && externalId !== "" ? externalId : null,
    isActive: typeof active === "boolean" ? active : wasActive,
    attributes: compact(attributes),
  };
}

/** A sent resource, whole. What it leaves out is unassigned, but neither lets a leaver in again (`active`) nor forgets who it is about (`externalId`). */
export function readPerson(resource: Record<string, unknown>, before: PersonRecord | null): PersonRecord {
  const { schemas } = resource;
  if (Array.isArray(schemas) && schemas.length && !schemas.includes(USER_SCHEMA)) {
    throw new ScimRefusal("invalidSyntax", `"schemas" does not name ${USER_SCHEMA}.`);
  }
  const known = knownOf(resource);
  if (known.userName === undefined) throw new ScimRefusal("invalidValue", '"userName" is missing. It is what the provider calls the person.');
  const { externalId, ...rest } = known;
  const record = recordOf({ ...plain(new PersonSchema({ ...rest, schemas: schemasOf(rest) }, "in")), externalId }, before?.isActive ?? true);
  return { ...record, externalId: record.externalId ?? before?.externalId ?? null };
}

/** The stored record in the library's shape, without externalId, which the library leaves out of answers. */
export function wholeOf(record: PersonRecord): Record<string, unknown> {
  return { userName: record.userName, active: record.isActive, ...record.attributes };
}

/** A library's object as plain data, without what belongs to every resource. */
export function plain(resource: object): Record<string, unknown> {
  const { schemas: _schemas, id: _id, meta: _meta, groups: _groups, ...rest } = JSON.parse(JSON.stringify(resource)) as Record<string, unknown>;
  return rest;
}

export const schemasOf = (whole: Record<string, unknown>): string[] => (ENTERPRISE_SCHEMA in whole ? [USER_SCHEMA, ENTERPRISE_SCHEMA] : [USER_SCHEMA]);

/** Without empty objects and lists: unassigned and empty are the same. */
function compact(attributes: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(attributes).flatMap(([name, value]): [string, unknown][] => {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) {
      const values = value.map((one) => (isRecord(one) ? compact(one) : one)).filter((one) => !isRecord(one) || Object.keys(one).length > 0);
      return values.length ? [[name, values]] : [];
    }
    if (!isRecord(value)) return [[name, value]];
    const inner = compact(value);
    return Object.keys(inner).length ? [[name, inner]] : [];
  });
  return Object.fromEntries(kept);
}

/** The name that the portal shows. */
export function shownName({ userName, attributes }: PersonRecord): string {
  const name = isRecord(attributes.name) ? attributes.name : {};
  const text = (value: unknown) => (typeof value === "string" && value.trim() ? value.trim() : null);
  const both = [text(name.givenName), text(name.familyName)].filter((part) => part !== null).join(" ");
  return (text(attributes.displayName) ?? text(name.formatted) ?? text(both) ?? userName).slice(0, MAX_NAME);
}

/** The address that the portal uses: the primary one, else that of work, else the first. */
export function shownEmail({ attributes }: PersonRecord): string | null {
  const emails = (Array.isArray(attributes.emails) ? attributes.emails : []).filter(isRecord).filter((one) => typeof one.value === "string" && one.value !== "");
  const chosen = emails.find((one) => one.primary === true) ?? emails.find((one) => one.type === "work") ?? emails[0];
  return chosen ? String(chosen.value).slice(0, MAX_NAME) : null;
}
