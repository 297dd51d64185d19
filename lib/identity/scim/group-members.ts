import type { Compare, Filter } from "scim2-parse-filter";
import { parseFilter } from "./filter";
import { type Operation, splitPath } from "./patch-request";
import { GROUP_SCHEMA, isRecord, ScimRefusal } from "./protocol";

// Members are a set of people's ids. Whatever the provider's dialect, an operation only adds ids, takes ids away, or replaces all.

export interface GroupRecord {
  displayName: string;
  externalId: string | null;
  members: Set<string>;
}

const MAX_NAME = 400;
const READ_ONLY = new Set(["id", "meta", "schemas"]);

/** A sent group, whole. Throws invalidValue. */
export function readGroup(resource: Record<string, unknown>, before: GroupRecord | null): GroupRecord {
  const { schemas } = resource;
  if (Array.isArray(schemas) && schemas.length && !schemas.includes(GROUP_SCHEMA)) throw new ScimRefusal("invalidSyntax", `"schemas" does not name ${GROUP_SCHEMA}.`);
  const at = (name: string) => Object.entries(resource).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return { displayName: nameOf(at("displayName")), externalId: externalIdOf(at("externalId")) ?? before?.externalId ?? null, members: new Set(idsOf(at("members"))) };
}

/** The group after the operations, all or none; `before` is left as it is. Throws ScimRefusal. */
export function patchGroup(before: GroupRecord, operations: Operation[]): GroupRecord {
  const after = { ...before, members: new Set(before.members) };
  for (const { op, path, value } of operations) {
    if (path !== null) applyTo(after, op, path, value, true);
    else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) applyTo(after, op, key, inner, false);
    else throw new ScimRefusal("invalidValue", 'An operation without a path needs an object as "value".');
  }
  return after;
}

function applyTo(group: GroupRecord, op: Operation["op"], path: string, value: unknown, isNamed: boolean): void {
  const { attribute, filter, part } = splitPath(path);
  const lower = attribute.toLowerCase();
  const name = lower.startsWith(`${GROUP_SCHEMA.toLowerCase()}:`) ? lower.slice(GROUP_SCHEMA.length + 1) : lower;
  if (READ_ONLY.has(name)) {
    if (isNamed) throw new ScimRefusal("mutability", `"${attribute}" is set by Waymark and cannot be changed.`);
    return;
  }
  if (name === "displayname" && filter === null) {
    if (op === "remove") throw new ScimRefusal("mutability", '"displayName" is required and cannot be removed.');
    group.displayName = nameOf(value);
  } else if (name === "externalid" && filter === null) {
    group.externalId = op === "remove" ? null : externalIdOf(value);
  } else if (name === "members") {
    changeMembers(group.members, op, filter, part, value);
  } else if (!name.startsWith("urn:")) {
    throw new ScimRefusal("invalidPath", `There is no attribute "${attribute.slice(0, 200)}".`);
  }
}

function changeMembers(members: Set<string>, op: Operation["op"], filter: string | null, part: string | null, value: unknown): void {
  if (part !== null) throw new ScimRefusal("mutability", "A member is there or not; no part of it can be changed.");
  if (filter !== null) {
    const named = namedBy(parseFilter(filter));
    if (op === "remove") for (const id of named) members.delete(id);
    else throw new ScimRefusal("invalidPath", 'Only "remove" takes a filter on members. Add members with the path "members".');
    return;
  }
  if (op === "remove" && (value === undefined || value === null)) {
    members.clear();
    return;
  }
  const ids = idsOf(value);
  if (op === "replace") members.clear();
  for (const id of ids) {
    if (op === "remove") members.delete(id);
    else members.add(id);
  }
}

/** The ids of `value eq "a" or value eq "b"`. Throws invalidFilter for anything else. */
function namedBy(filter: Filter): string[] {
  if (filter.op === "or") return (filter.filters as Filter[]).flatMap(namedBy);
  const { op, attrPath, compValue } = filter as Compare;
  if (op !== "eq" || attrPath.toLowerCase() !== "value" || typeof compValue !== "string") throw new ScimRefusal("invalidFilter", 'Name members as members[value eq "<id>"].');
  return [compValue];
}

function idsOf(sent: unknown): string[] {
  if (sent === undefined || sent === null) return [];
  return (Array.isArray(sent) ? sent : [sent]).map((one: unknown) => {
    const id = isRecord(one) ? one.value : one;
    if (isRecord(one) && typeof one.type === "string" && one.type.toLowerCase() === "group") {
      throw new ScimRefusal("invalidValue", "Groups inside groups are not understood. Push the people of the inner group as members.");
    }
    if (typeof id !== "string" || id === "" || id.length > 200) throw new ScimRefusal("invalidValue", 'Each member must be an object with the id of a User as "value".');
    return id;
  });
}

function nameOf(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") throw new ScimRefusal("invalidValue", '"displayName" is missing.');
  if (value.length > MAX_NAME) throw new ScimRefusal("invalidValue", `"displayName" is longer than ${MAX_NAME} characters.`);
  return value.trim();
}

function externalIdOf(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string" || value.length > MAX_NAME) throw new ScimRefusal("invalidValue", '"externalId" must be a text.');
  return value;
}
