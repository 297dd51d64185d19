import type { Compare, Filter } from "scim2-parse-filter";
import SCIMMY from "scimmy";
import { parseFilter } from "./filter";
import type { Operation } from "./patch-request";
import { splitPath } from "./patch-request";
import { keptValue, type PersonRecord, placeOf } from "./person-attributes";
import { plain, recordOf, schemasOf, wholeOf } from "./person-record";
import { ENTERPRISE_SCHEMA, isRecord, PATCH_SCHEMA, ScimRefusal } from "./protocol";
import { PersonSchema } from "./schemas";

// The library applies an operation; before it sees one, the path is one of ours, values have their types, and filters are plain
// comparisons (its own filter reader back-tracks on odd quotes, and takes "False" for true).

/** Each goes through the library's whole check of a person. */
const MAX_STEPS = 200;

interface Step {
  op: Operation["op"];
  path: string;
  value: unknown;
  /** The list and the parts that a filter picks an entry by. */
  picked: { attribute: string; by: Record<string, unknown>; part: string | null } | null;
}

/** The record after the operations, all or none. Throws ScimRefusal. */
export async function patchPerson(before: PersonRecord, operations: Operation[]): Promise<PersonRecord> {
  let { externalId } = before;
  let whole = wholeOf(before);
  const steps = operations.flatMap(stepsOf);
  if (steps.length > MAX_STEPS) throw new ScimRefusal("invalidValue", `More than ${MAX_STEPS} changes of one person at once. Send less.`);
  for (const step of steps) {
    if (step.path === "externalId") externalId = step.op === "remove" || step.value === null ? null : String(step.value);
    else whole = await apply(whole, step);
  }
  const record = recordOf({ ...whole, externalId }, before.isActive);
  // Who it is about is not forgotten.
  return { ...record, externalId: record.externalId ?? before.externalId };
}

function stepsOf({ op, path, value }: Operation): Step[] {
  if (path !== null) return oneStep(op, path, value, true);
  if (!isRecord(value)) throw new ScimRefusal("invalidValue", 'An operation without a path needs an object as "value".');
  return Object.entries(value).flatMap(([key, inner]) => oneStep(op, key, inner, false));
}

function oneStep(op: Operation["op"], path: string, value: unknown, isNamed: boolean): Step[] {
  const { attribute, filter, part } = splitPath(path);
  const place = placeOf(part === null ? attribute : `${attribute}.${part}`);
  if (place.is === "forgotten") return [];
  if (place.is === "read-only") {
    if (isNamed) throw new ScimRefusal("mutability", `"${attribute}" is set by Waymark and cannot be changed.`);
    return [];
  }
  if (place.is === "extension") {
    if (op === "remove") return [{ op, path: ENTERPRISE_SCHEMA, value: undefined, picked: null }];
    if (!isRecord(value)) throw new ScimRefusal("invalidValue", "The enterprise extension must be an object.");
    return Object.entries(value).flatMap(([key, inner]) => oneStep(op, key.toLowerCase().startsWith("urn:") ? key : `${ENTERPRISE_SCHEMA}:${key}`, inner, false));
  }
  const { known, schema } = place;
  const target = `${schema ? `${schema}:` : ""}${known.name}`;
  if (filter !== null && known.kind !== "many") throw new ScimRefusal("invalidPath", `"${known.name}" has one value, so it takes no brackets.`);
  const picked = filter === null ? null : { attribute: known.name, by: partsOf(filter, known.parts ?? []), part: place.part };
  const full = `${target}${picked ? `[${conditionOf(picked.by)}]` : ""}${place.part ? `.${place.part}` : ""}`;
  if (op === "remove") return [{ op, path: full, value: value === undefined || value === null ? undefined : keptValue(known, place.part, value), picked }];
  const read = keptValue(known, place.part, picked && place.part === null && Array.isArray(value) ? value[0] : value);
  const single = picked && place.part === null && Array.isArray(read) ? (read[0] ?? null) : read;
  return single === null ? [{ op: "remove", path: full, value: undefined, picked }] : [{ op, path: full, value: single, picked }];
}

/** `type eq "work" and primary eq true` as parts. Throws invalidFilter for anything else. */
function partsOf(filter: string, parts: readonly string[]): Record<string, unknown> {
  const parsed = parseFilter(filter);
  const all = parsed.op === "and" ? (parsed.filters as Filter[]) : [parsed];
  return Object.fromEntries(
    all.map((one): [string, unknown] => {
      const { attrPath, compValue, op } = one as Compare;
      const part = typeof attrPath === "string" ? parts.find((name) => name.toLowerCase() === attrPath.toLowerCase()) : undefined;
      if (op !== "eq" || !part || compValue === null || /["\\[\]]/.test(String(compValue))) {
        throw new ScimRefusal("invalidFilter", `In a path, only comparisons with eq are understood, of ${parts.join(", ")}.`);
      }
      return [part, part === "primary" ? String(compValue).toLowerCase() === "true" : compValue];
    }),
  );
}

const conditionOf = (by: Record<string, unknown>) =>
  Object.entries(by)
    .map(([part, value]) => `${part} eq ${typeof value === "string" ? `"${value}"` : String(value)}`)
    .join(" and ");

async function apply(whole: Record<string, unknown>, step: Step): Promise<Record<string, unknown>> {
  if (step.op === "remove" && Array.isArray(step.value)) return without(whole, step.path, step.value.filter(isRecord));
  const ready = fitted(whole, step);
  if (!ready) return whole;
  const { op, path, value } = ready;
  try {
    const message = new SCIMMY.Messages.PatchOp({ schemas: [PATCH_SCHEMA], Operations: [{ op, path, ...(value === undefined ? {} : { value }) }] });
    const changed = await message.apply(new PersonSchema({ ...whole, id: "self", schemas: schemasOf(whole) }, "out"));
    return changed ? unique(plain(changed as object)) : whole;
  } catch (error) {
    throw new ScimRefusal("invalidValue", `"${path.slice(0, 200)}" cannot be changed like this: ${error instanceof Error ? error.message.slice(0, 200) : "refused"}.`);
  }
}

/**
 * The step as it fits what is there. Null: nothing to do. Entra ID adds to and replaces `emails[type eq "work"].value` where there is no
 * such entry yet, and means that there shall be one.
 */
function fitted(whole: Record<string, unknown>, step: Step): Pick<Step, "op" | "path" | "value"> | null {
  const { op, path, value, picked } = step;
  if (!picked) {
    const isThere = op !== "remove" || hasAt(whole, path);
    return isThere ? step : null;
  }
  const entries = Array.isArray(whole[picked.attribute]) ? (whole[picked.attribute] as unknown[]).filter(isRecord) : [];
  if (entries.some((entry) => Object.entries(picked.by).every(([part, wanted]) => entry[part] === wanted))) return step;
  if (op === "remove") return null;
  const entry = { ...picked.by, ...(picked.part === null ? (isRecord(value) ? value : {}) : { [picked.part]: value }) };
  return { op: "add", path: picked.attribute, value: [entry] };
}

/** The list without the entries that the given parts describe. */
function without(whole: Record<string, unknown>, attribute: string, gone: Record<string, unknown>[]): Record<string, unknown> {
  const entries = Array.isArray(whole[attribute]) ? whole[attribute].filter(isRecord) : [];
  const isGone = (entry: Record<string, unknown>) => gone.some((one) => Object.entries(one).every(([part, value]) => entry[part] === value));
  return { ...whole, [attribute]: entries.filter((entry) => !isGone(entry)) };
}

function hasAt(whole: Record<string, unknown>, path: string): boolean {
  const inExtension = path.startsWith(`${ENTERPRISE_SCHEMA}:`);
  if (path === ENTERPRISE_SCHEMA) return isRecord(whole[path]);
  const start = inExtension ? whole[ENTERPRISE_SCHEMA] : whole;
  const plainPath = inExtension ? path.slice(ENTERPRISE_SCHEMA.length + 1) : path;
  return plainPath.split(".").reduce<unknown>((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), start) !== undefined;
}

/** An address is there once, however often it was added; the last one that was called primary is. */
function unique(whole: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(whole.emails)) return whole;
  const emails = whole.emails.filter(isRecord);
  const same = (a: Record<string, unknown>, b: Record<string, unknown>) => a.value === b.value && a.type === b.type;
  const kept = emails.filter((email, index) => !emails.slice(index + 1).some((later) => same(email, later)));
  const primary = kept.findLastIndex((email) => email.primary === true);
  return { ...whole, emails: kept.map((email, index) => (email.primary === true && index !== primary ? { ...email, primary: false } : email)) };
}
