import { isRecord, MAX_OPERATIONS, PATCH_SCHEMA, ScimRefusal } from "./protocol";

export interface Operation {
  op: "add" | "remove" | "replace";
  path: string | null;
  value: unknown;
}

/** The operations of a PATCH body; names of operations in any letter case. Throws invalidSyntax. */
export function readOperations(body: Record<string, unknown>): Operation[] {
  const { schemas } = body;
  if (!Array.isArray(schemas) || !schemas.includes(PATCH_SCHEMA)) throw new ScimRefusal("invalidSyntax", `"schemas" must be ["${PATCH_SCHEMA}"].`);
  const entry = Object.entries(body).find(([key]) => key.toLowerCase() === "operations");
  const operations: unknown = entry?.[1];
  if (!Array.isArray(operations) || operations.length === 0) throw new ScimRefusal("invalidSyntax", '"Operations" must be a list with at least one operation.');
  if (operations.length > MAX_OPERATIONS) throw new ScimRefusal("invalidSyntax", `"Operations" holds more than ${MAX_OPERATIONS} operations. Send less at once.`);
  return operations.map(readOperation);
}

function readOperation(sent: unknown, index: number): Operation {
  const place = `Operation ${index + 1}`;
  if (!isRecord(sent)) throw new ScimRefusal("invalidSyntax", `${place} must be an object.`);
  const op = typeof sent.op === "string" ? sent.op.toLowerCase() : null;
  if (op !== "add" && op !== "remove" && op !== "replace") throw new ScimRefusal("invalidSyntax", `${place}: "op" must be add, remove or replace.`);
  const path = sent.path ?? null;
  if (path !== null && typeof path !== "string") throw new ScimRefusal("invalidPath", `${place}: "path" must be a text.`);
  if (op === "remove" && !path) throw new ScimRefusal("noTarget", `${place}: "remove" needs a path.`);
  if (op === "add" && sent.value === undefined) throw new ScimRefusal("invalidValue", `${place}: "add" needs a value.`);
  return { op, path: path === "" ? null : path, value: sent.value };
}

/** `emails[type eq "work"].value` in its parts. Throws invalidPath. */
export function splitPath(path: string): { attribute: string; filter: string | null; part: string | null } {
  const open = path.indexOf("[");
  if (open < 0) return { attribute: path, filter: null, part: null };
  const close = path.lastIndexOf("]");
  const rest = path.slice(close + 1);
  if (close < open || !(rest === "" || /^\.[$\w-]+$/.test(rest))) throw new ScimRefusal("invalidPath", `The path "${path.slice(0, 200)}" cannot be read.`);
  return { attribute: path.slice(0, open), filter: path.slice(open + 1, close), part: rest ? rest.slice(1) : null };
}
