import { isDomainError } from "@/lib/core/errors";
import { nearestName } from "@/lib/core/nearest-name";
import { asSchema, type Schema } from "@/lib/core/schema-messages";
import type { YamlSource } from "@/lib/core/yaml-source";
import { type GoldenPathDefinition, pagesOf } from "../definition";
import { checkSchemaLimits } from "../schema-limits";
import type { Remarks } from "./remarks";
import { TEMPLATE_FILE } from "./template-source";

type Path = (string | number)[];

const TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"];
const COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const NESTED_LISTS = ["allOf", "anyOf", "oneOf"];
const NESTED = ["then", "else", "if", "not", "items", "additionalProperties"];

/** What is wrong with the JSON Schema of the form, beyond what the shape of template.yaml already says. */
export function checkForm(definition: GoldenPathDefinition, source: YamlSource, remarks: Remarks): void {
  const isList = Array.isArray(definition.spec.parameters);
  pagesOf(definition).forEach((page, index) => {
    const at: Path = isList ? ["spec", "parameters", index] : ["spec", "parameters"];
    checkLimits(page, at, source, remarks);
    const check = new SchemaCheck(source, remarks);
    check.schema(page, at, 0);
    check.titles(page, at);
  });
}

function checkLimits(page: unknown, at: Path, source: YamlSource, remarks: Remarks): void {
  try {
    checkSchemaLimits(page, TEMPLATE_FILE, at.join("."));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const [field] = error.fields;
    const path = (field?.path ?? at.join(".")).split(".");
    remarks.error("form-schema", source.keyLineOf(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part))), field?.message ?? error.message);
  }
}

class SchemaCheck {
  constructor(
    private readonly source: YamlSource,
    private readonly remarks: Remarks,
  ) {}

  schema(schema: Schema, at: Path, depth: number): void {
    if (depth > 20) return;
    this.type(schema, at);
    this.required(schema, at);
    this.choices(schema, at);
    this.numbers(schema, at);
    this.default(schema, at);
    for (const [name, property] of Object.entries(asSchema(schema.properties))) this.nested(property, [...at, "properties", name], depth);
    for (const key of NESTED) if (key in schema) this.nested(schema[key], [...at, key], depth);
    for (const key of NESTED_LISTS) {
      const list = schema[key];
      if (Array.isArray(list)) for (const [index, entry] of list.entries()) this.nested(entry, [...at, key, index], depth);
      else if (list !== undefined) this.fail([...at, key], `${key} must be a list of schemas.`);
    }
    for (const [name, dependency] of Object.entries(asSchema(schema.dependencies))) if (!Array.isArray(dependency)) this.nested(dependency, [...at, "dependencies", name], depth);
  }

  /** Questions without a title show their technical name. */
  titles(page: Schema, at: Path): void {
    for (const [name, raw] of Object.entries(asSchema(page.properties))) {
      const property = asSchema(raw);
      if (property.title === undefined && property["ui:widget"] !== "hidden")
        this.remarks.warning("no-title", this.source.keyLineOf([...at, "properties", name]), `${name} has no title: people see “${name}”.`);
    }
  }

  private nested(value: unknown, at: Path, depth: number): void {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) this.schema(value as Schema, at, depth + 1);
    else if (Array.isArray(value) && at.at(-1) === "items") for (const [index, entry] of value.entries()) this.nested(entry, [...at, index], depth);
    else if (typeof value !== "boolean") this.fail(at, `${String(at.at(-1))} must be a group of keywords such as type and title.`);
  }

  private type({ type }: Schema, at: Path): void {
    for (const name of type === undefined ? [] : [type].flat()) {
      if (typeof name === "string" && TYPES.includes(name)) continue;
      const near = nearestName(String(name), TYPES);
      this.fail([...at, "type"], `There is no type ${JSON.stringify(name)}.${near ? ` Did you mean ${near}?` : ` Choose one of: ${TYPES.join(", ")}.`}`);
    }
  }

  private required(schema: Schema, at: Path): void {
    if (schema.required === undefined) return;
    if (!Array.isArray(schema.required)) {
      this.fail([...at, "required"], "required must be a list of names. To require this question, name it in the list of its page.");
      return;
    }
    const known = Object.keys(asSchema(schema.properties));
    // A branch may require what only the page around it defines.
    if (at.some((part) => ["oneOf", "anyOf", "allOf", "then", "else", "dependencies"].includes(String(part)))) return;
    schema.required.forEach((name, index) => {
      if (known.includes(String(name))) return;
      const near = nearestName(String(name), known);
      this.fail([...at, "required", index], `required names ${JSON.stringify(name)}, which the page does not ask.${near ? ` Did you mean ${near}?` : ""}`);
    });
  }

  private choices(schema: Schema, at: Path): void {
    const { enum: values, enumNames } = schema;
    if (values === undefined) return;
    if (!Array.isArray(values) || values.length === 0) {
      this.fail([...at, "enum"], "enum must be a list with at least one choice.");
      return;
    }
    if (new Set(values.map((value) => JSON.stringify(value))).size < values.length) this.fail([...at, "enum"], "A choice is there twice. Keep one.");
    if (Array.isArray(enumNames) && enumNames.length !== values.length)
      this.fail([...at, "enumNames"], `enumNames has ${enumNames.length} names for ${values.length} choices. Give each choice one.`);
  }

  private numbers(schema: Schema, at: Path): void {
    for (const key of COUNTS) if (key in schema && !(Number.isInteger(schema[key]) && Number(schema[key]) >= 0)) this.fail([...at, key], `${key} must be a whole number from 0.`);
    for (const key of NUMBERS) if (key in schema && typeof schema[key] !== "number") this.fail([...at, key], `${key} must be a number.`);
  }

  private default(schema: Schema, at: Path): void {
    const value = schema.default;
    if (value === undefined) return;
    if (Array.isArray(schema.enum) && !schema.enum.some((choice) => JSON.stringify(choice) === JSON.stringify(value)))
      this.fail([...at, "default"], `The default ${JSON.stringify(value)} is none of the choices: ${schema.enum.map(String).join(", ")}.`);
    else if (typeof schema.type === "string" && TYPES.includes(schema.type) && !fits(value, schema.type))
      this.fail([...at, "default"], `The default ${JSON.stringify(value)} is not of the type ${schema.type}.`);
  }

  private fail(at: Path, message: string): void {
    this.remarks.error("form-schema", this.source.keyLineOf(at), message);
  }
}

function fits(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "null") return value === null;
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
