type Schema = Record<string, unknown>;

const asSchema = (value: unknown): Schema => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {});

function isSecretField(property: Schema): boolean {
  const options = asSchema(property["ui:options"]);
  return property["ui:field"] === "Secret" || (property["ui:widget"] ?? options.widget) === "password";
}

const COMPOSED = ["allOf", "anyOf", "oneOf", "then", "else", "dependencies", "if"];

function topLevelSecrets(schema: Schema): string[] {
  const own = Object.entries(asSchema(schema.properties)).flatMap(([name, property]) => (isSecretField(asSchema(property)) ? [name] : []));
  const branches = COMPOSED.flatMap((keyword) => {
    const nested = schema[keyword];
    if (nested === undefined) return [];
    if (Array.isArray(nested)) return nested;
    return keyword === "dependencies" ? Object.values(asSchema(nested)) : [nested];
  });
  return [...own, ...branches.flatMap((branch) => topLevelSecrets(asSchema(branch)))];
}

/** Names of the answers that are secrets, also in branches that other answers open. */
export const secretNames = (schema: Schema): Set<string> => new Set(topLevelSecrets(schema));

/** The answers in two: what may be stored and shown, and what may not. */
export function splitSecrets(schema: Schema, values: Schema): { open: Schema; secret: Schema } {
  const names = secretNames(schema);
  const part = (wanted: boolean) => Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name) === wanted));
  return { open: part(false), secret: part(true) };
}

function countSecrets(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  const here = !Array.isArray(node) && isSecretField(node as Schema) ? 1 : 0;
  return here + Object.values(node).reduce((sum: number, inner) => sum + countSecrets(inner), 0);
}

/** True if a secret is asked for inside a group or a list, where it could not be kept apart. */
export const hasNestedSecret = (schema: Schema): boolean => countSecrets(schema) > topLevelSecrets(schema).length;

/** Every text among the values, to be kept out of logs. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
