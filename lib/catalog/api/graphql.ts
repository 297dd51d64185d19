import { type DefinitionNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, parse, print } from "graphql";
import type { ApiDescription, ApiField } from "../contract";
import { MAX_OPERATIONS, MAX_TYPES, NONE } from "./shapes";

const ROOTS: Record<string, string> = { Query: "QUERY", Mutation: "MUTATION", Subscription: "SUBSCRIPTION" };
const MAX_TOKENS = 200_000;

/** A GraphQL schema in its definition language. */
export function describeGraphql(text: string): ApiDescription {
  const { definitions } = parse(text, { maxTokens: MAX_TOKENS, noLocation: true });
  const roots = rootsOf(definitions);
  const described: Pick<ApiDescription, "operations" | "types"> = { operations: [], types: [] };
  for (const definition of definitions) {
    if (!("name" in definition) || !definition.name) continue;
    const name = definition.name.value;
    const verb = roots[name];
    const fields = "fields" in definition && definition.fields ? definition.fields : [];
    if (verb) {
      for (const field of fields as readonly FieldDefinitionNode[])
        described.operations.push({
          group: "",
          verb,
          name: field.name.value,
          summary: field.description?.value ?? null,
          deprecated: isDeprecated(field),
          input: (field.arguments ?? []).map(fieldOf),
          output: [{ name: "", type: print(field.type), required: false, description: null }],
        });
    } else
      described.types.push({
        name,
        kind: kindOf(definition),
        description: "description" in definition ? (definition.description?.value ?? null) : null,
        fields: partsOf(definition, fields),
      });
  }
  return { ...NONE, format: "graphql", operations: described.operations.slice(0, MAX_OPERATIONS), types: described.types.slice(0, MAX_TYPES) };
}

/** The types that operations start from, by name; a schema block may rename them. */
function rootsOf(definitions: readonly DefinitionNode[]): Record<string, string> {
  const schema = definitions.find((one) => one.kind === Kind.SCHEMA_DEFINITION);
  return schema ? Object.fromEntries(schema.operationTypes.map(({ type, operation }) => [type.name.value, operation.toUpperCase()])) : ROOTS;
}

const isDeprecated = ({ directives }: FieldDefinitionNode) => Boolean(directives?.some(({ name }) => name.value === "deprecated"));

function kindOf({ kind }: DefinitionNode): string {
  return kind
    .replace(/(Type)?(Definition|Extension)$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function fieldOf(field: FieldDefinitionNode | InputValueDefinitionNode): ApiField {
  return { name: field.name.value, type: print(field.type), required: field.type.kind === Kind.NON_NULL_TYPE, description: field.description?.value ?? null };
}

function partsOf(definition: DefinitionNode, fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[]): ApiField[] {
  if (definition.kind === Kind.ENUM_TYPE_DEFINITION)
    return (definition.values ?? []).map(({ name, description }) => ({ name: name.value, type: "", required: false, description: description?.value ?? null }));
  if (definition.kind === Kind.UNION_TYPE_DEFINITION) return (definition.types ?? []).map(({ name }) => ({ name: name.value, type: "", required: false, description: null }));
  return fields.map(fieldOf);
}
