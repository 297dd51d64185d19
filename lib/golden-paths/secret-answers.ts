import { asSchema } from "@/lib/core/schema-messages";
import { type GoldenPathDefinition, pagesOf } from "./definition";

type Values = Record<string, unknown>;

/** Names of the questions whose answers are secrets. */
export const secretQuestions = (definition: GoldenPathDefinition): string[] => [...new Set(pagesOf(definition).flatMap((page) => [...secretNames(page)]))];

/** The answers in two heaps. A group of answers that holds a secret is a secret as a whole. */
export function splitSecrets(definition: GoldenPathDefinition, values: Values): { open: Values; secret: Values } {
  const names = new Set(secretQuestions(definition));
  const part = (isSecret: boolean) => Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name) === isSecret));
  return { open: part(false), secret: part(true) };
}

const HIDDEN = "********";

/**
 * Answers to questions with the field Secret are `secrets.<name>` in steps and asterisks in `parameters`, so that a template
 * which hands all its parameters on does not write them down. A password in a plain question stays a parameter.
 */
export function hideSecrets(definition: GoldenPathDefinition, values: Values): { parameters: Values; secrets: Values } {
  const names = new Set(pagesOf(definition).flatMap((page) => [...secretNames(page, (property) => property["ui:field"] === "Secret")]));
  const found = Object.entries(values).filter(([name]) => names.has(name));
  return { parameters: { ...values, ...Object.fromEntries(found.map(([name]) => [name, HIDDEN])) }, secrets: Object.fromEntries(found) };
}

/** The definition in which no secret has to be answered: for a service that was made with secrets which nobody keeps. */
export function withoutSecretDuties(definition: GoldenPathDefinition): GoldenPathDefinition {
  const parameters = pagesOf(definition).map((page) => {
    const secrets = secretNames(page);
    return page.required ? { ...page, required: page.required.filter((name) => !secrets.has(name)) } : page;
  });
  return { ...definition, spec: { ...definition.spec, parameters } };
}

/** Questions whose answer is shown nowhere and never written down in the open, also those of branches. */
function secretNames(schema: Values, fits = isSecret): Set<string> {
  const own = Object.entries(asSchema(schema.properties)).filter(([, property]) => fits(asSchema(property)));
  return new Set([...own.map(([name]) => name), ...branches(schema).flatMap((branch) => [...secretNames(branch, fits)])]);
}

function branches(schema: Values): Values[] {
  const lists = [schema.allOf, schema.oneOf, schema.anyOf].filter(Array.isArray).flat();
  return [...lists, schema.then, schema.else, ...Object.values(asSchema(schema.dependencies))].filter((one) => typeof one === "object" && one !== null).map(asSchema);
}

function isSecret(property: Values): boolean {
  if (property["ui:field"] === "Secret" || property["ui:widget"] === "password" || property.format === "password") return true;
  return secretNames(property).size > 0 || (typeof property.items === "object" && property.items !== null && isSecret(asSchema(property.items)));
}
