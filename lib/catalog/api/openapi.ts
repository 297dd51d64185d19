import type { ApiDescription, ApiField, ApiOperation } from "../contract";
import type { PlainObject } from "../import/draft";
import { fieldsOf, listOf, MAX_OPERATIONS, MAX_TYPES, NONE, objectOf, resolved, schemaWord, textOf } from "./shapes";

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/** OpenAPI 3 and Swagger 2. */
export function describeOpenApi(root: PlainObject): ApiDescription {
  const info = objectOf(root.info);
  const calls = Object.entries(objectOf(root.paths)).flatMap(([path, item]) => operationsOf(root, path, item));
  const events = Object.entries(objectOf(root.webhooks)).flatMap(([name, item]) => operationsOf(root, name, item));
  const operations = [...calls, ...events.map((event) => ({ ...event, group: "Webhooks" }))];
  const schemas = { ...objectOf(root.definitions), ...objectOf(objectOf(root.components).schemas) };
  return {
    ...NONE,
    format: "openapi",
    title: textOf(info.title),
    version: textOf(info.version),
    servers: [
      ...listOf(root.servers).flatMap((server) => textOf(objectOf(server).url) ?? []),
      ...(textOf(root.host) ? [`${textOf(root.host)}${textOf(root.basePath) ?? ""}`] : []),
    ].slice(0, 10),
    operations: operations.slice(0, MAX_OPERATIONS),
    types: Object.entries(schemas)
      .slice(0, MAX_TYPES)
      .map(([name, schema]) => ({ name, kind: "schema", description: textOf(objectOf(schema).description), fields: fieldsOf(root, schema) })),
  };
}

function operationsOf(root: PlainObject, path: string, raw: unknown): ApiOperation[] {
  const item = resolved(root, raw);
  return METHODS.filter((method) => Object.hasOwn(item, method)).map((method) => {
    const operation = objectOf(item[method]);
    const given = [...listOf(item.parameters), ...listOf(operation.parameters)].map((parameter) => resolved(root, parameter));
    return {
      group: textOf(listOf(operation.tags)[0]) ?? "",
      verb: method.toUpperCase(),
      name: path.slice(0, 500),
      summary: textOf(operation.summary) ?? textOf(operation.description),
      deprecated: operation.deprecated === true,
      input: [...given.filter((one) => one.in !== "body").map(parameterOf), ...bodyOf(root, operation, given)],
      output: Object.entries(objectOf(operation.responses)).map(([status, response]) => responseOf(root, status, response)),
    };
  });
}

function parameterOf(parameter: PlainObject): ApiField {
  return {
    name: textOf(parameter.name) ?? "",
    type: `${schemaWord(parameter.schema ?? parameter)}, in ${textOf(parameter.in) ?? "query"}`,
    required: parameter.required === true,
    description: textOf(parameter.description),
  };
}

function bodyOf(root: PlainObject, operation: PlainObject, given: PlainObject[]): ApiField[] {
  const old = given.find((one) => one.in === "body");
  if (old) return [{ name: "body", type: schemaWord(old.schema), required: old.required === true, description: textOf(old.description) }];
  if (!operation.requestBody) return [];
  const body = resolved(root, operation.requestBody);
  const [media, content] = Object.entries(objectOf(body.content))[0] ?? [];
  const schema = objectOf(objectOf(content).schema);
  // A body that has a name is among the types; of one without, the fields are told here.
  const fields = typeof schema.$ref === "string" ? [] : fieldsOf(root, schema);
  if (fields.length > 0) return fields.map((field) => ({ ...field, type: `${field.type}, in body`, required: field.required && body.required !== false }));
  return [{ name: "body", type: `${schemaWord(objectOf(content).schema)}${media ? `, ${media}` : ""}`, required: body.required === true, description: textOf(body.description) }];
}

function responseOf(root: PlainObject, status: string, raw: unknown): ApiField {
  const response = resolved(root, raw);
  const content = Object.values(objectOf(response.content))[0];
  const schema = objectOf(content).schema ?? response.schema;
  return { name: status, type: schema ? schemaWord(schema) : "", required: false, description: textOf(response.description) };
}
