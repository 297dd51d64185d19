import type { ApiDescription, ApiField, ApiOperation } from "../contract";
import type { PlainObject } from "../import/draft";
import { fieldsOf, listOf, MAX_OPERATIONS, MAX_TYPES, NONE, objectOf, resolved, schemaWord, textOf } from "./shapes";

/** AsyncAPI 2 (channels with publish and subscribe) and 3 (operations that send or receive). */
export function describeAsyncApi(root: PlainObject): ApiDescription {
  const info = objectOf(root.info);
  const schemas = objectOf(objectOf(root.components).schemas);
  const operations = root.operations ? operationsOf3(root) : operationsOf2(root);
  return {
    ...NONE,
    format: "asyncapi",
    title: textOf(info.title),
    version: textOf(info.version),
    servers: Object.values(objectOf(root.servers))
      .flatMap((server) => textOf(objectOf(server).url) ?? textOf(objectOf(server).host) ?? [])
      .slice(0, 10),
    operations: operations.slice(0, MAX_OPERATIONS),
    types: Object.entries(schemas)
      .slice(0, MAX_TYPES)
      .map(([name, schema]) => ({ name, kind: "schema", description: textOf(objectOf(schema).description), fields: fieldsOf(root, schema) })),
  };
}

function operationsOf2(root: PlainObject): ApiOperation[] {
  return Object.entries(objectOf(root.channels)).flatMap(([channel, raw]) => {
    const item = resolved(root, raw);
    return ["publish", "subscribe"].flatMap((verb) => {
      if (!item[verb]) return [];
      const operation = objectOf(item[verb]);
      const messages = listOf(objectOf(operation.message).oneOf);
      return [operationOf(root, verb.toUpperCase(), channel, operation, messages.length ? messages : [operation.message], item)];
    });
  });
}

function operationsOf3(root: PlainObject): ApiOperation[] {
  return Object.entries(objectOf(root.operations)).map(([name, raw]) => {
    const operation = resolved(root, raw);
    const channel = resolved(root, operation.channel);
    const messages = listOf(operation.messages);
    return operationOf(
      root,
      (textOf(operation.action) ?? "").toUpperCase(),
      textOf(channel.address) ?? name,
      operation,
      messages.length ? messages : Object.values(objectOf(channel.messages)),
      channel,
    );
  });
}

function operationOf(root: PlainObject, verb: string, name: string, operation: PlainObject, messages: unknown[], channel: PlainObject): ApiOperation {
  return {
    group: textOf(objectOf(listOf(operation.tags)[0]).name) ?? "",
    verb,
    name: name.slice(0, 500),
    summary: textOf(operation.summary) ?? textOf(operation.description) ?? textOf(channel.description),
    deprecated: operation.deprecated === true,
    input: messages.flatMap((message) => (message ? messageOf(root, message) : [])).slice(0, 50),
    output: [],
  };
}

/** A message; one that is a reference to a reference is followed twice. */
function messageOf(root: PlainObject, raw: unknown): ApiField {
  const message = resolved(root, resolved(root, raw));
  const name = textOf(message.name) ?? textOf(message.title) ?? schemaWord(raw);
  return { name, type: schemaWord(message.payload), required: false, description: textOf(message.summary) ?? textOf(message.description) };
}
