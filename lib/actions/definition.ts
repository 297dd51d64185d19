import { inArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { teams } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { checkSchemaLimits } from "@/lib/golden-paths/queries";
import { ActionDefinition } from "./contract";
import { functionNamed } from "./functions";
import { hasNestedSecret } from "./secret-values";

const refuse = (path: string, message: string) => new DomainError("invalid", `${path}: ${message}`, { fields: [{ path, message }] });

/** What zod cannot see: the form's schema, the function's needs, teams that exist. Throws invalid, each with what to do. */
export async function checkDefinition(on: Connection, definition: ActionDefinition): Promise<void> {
  checkInputs(definition.inputs);
  if (definition.teams.length > 0) {
    const known = await on.select({ ref: teams.ref }).from(teams).where(inArray(teams.ref, definition.teams));
    const missing = definition.teams.find((ref) => !known.some((team) => team.ref === ref));
    if (missing) throw refuse("definition.teams", `There is no team ${missing}.`);
  }
  if (definition.backEnd.type !== "function") return;
  const needed = functionNamed(definition.backEnd.function);
  const properties = Object.keys((definition.inputs.properties ?? {}) as object);
  const missing = needed.inputs.filter((name) => !properties.includes(name));
  if (missing.length > 0)
    throw refuse("definition.inputs", `The function ${definition.backEnd.function} needs the ${missing.length === 1 ? "question" : "questions"} ${missing.join(", ")}.`);
  if (needed.target && definition.target?.kind !== needed.target) throw refuse("definition.target", `The function ${definition.backEnd.function} is run on a ${needed.target}.`);
}

function checkInputs(inputs: Record<string, unknown>): void {
  const path = "definition.inputs";
  if (inputs.type !== undefined && inputs.type !== "object") throw refuse(path, "The form's schema must have the type object.");
  const { properties } = inputs;
  if (properties !== undefined && (typeof properties !== "object" || properties === null || Array.isArray(properties)))
    throw refuse(`${path}.properties`, "Must be an object: one member per question.");
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (name.length > 64) throw refuse(`${path}.properties`, `The name ${name.slice(0, 30)}… is longer than 64 characters.`);
    if (typeof property !== "object" || property === null || Array.isArray(property))
      throw refuse(`${path}.properties.${name}`, 'A question must be an object such as { "type": "string" }.');
  }
  checkSchemaLimits(inputs, "The form", path);
  if (hasNestedSecret(inputs)) throw refuse(path, "A secret is asked for inside a group or list, where it could not be kept apart. Move it to the top.");
}

/** A stored definition. */
export const storedDefinition = (row: Record<string, unknown>): ActionDefinition => ActionDefinition.parse(row);
