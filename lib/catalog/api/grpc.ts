import protobuf from "protobufjs";
import type { ApiDescription, ApiField, ApiOperation, ApiType } from "../contract";
import { MAX_OPERATIONS, MAX_TYPES, NONE } from "./shapes";

/** Services and messages of a protocol buffers file. Imports are not followed. */
export function describeGrpc(text: string): ApiDescription {
  const { root, package: name } = protobuf.parse(text, { keepCase: true, alternateCommentMode: true });
  const operations: ApiOperation[] = [];
  const types: ApiType[] = [];
  collect(root, operations, types);
  return { ...NONE, format: "grpc", title: name ?? null, operations: operations.slice(0, MAX_OPERATIONS), types: types.slice(0, MAX_TYPES) };
}

function collect(space: protobuf.NamespaceBase, operations: ApiOperation[], types: ApiType[]): void {
  for (const item of space.nestedArray) {
    if (item instanceof protobuf.Service) operations.push(...item.methodsArray.map((method) => operationOf(item, method)));
    else if (item instanceof protobuf.Type) types.push({ name: item.name, kind: "message", description: item.comment, fields: item.fieldsArray.map(fieldOf) });
    else if (item instanceof protobuf.Enum)
      types.push({
        name: item.name,
        kind: "enum",
        description: item.comment,
        fields: Object.entries(item.values).map(([name, value]) => ({ name, type: String(value), required: false, description: item.comments[name] ?? null })),
      });
    if (item instanceof protobuf.Namespace) collect(item, operations, types);
  }
}

const streamed = (type: string, isStream: boolean | undefined) => (isStream ? `stream of ${type}` : type);

function operationOf(service: protobuf.Service, method: protobuf.Method): ApiOperation {
  return {
    group: service.name,
    verb: method.requestStream || method.responseStream ? "STREAM" : "RPC",
    name: method.name,
    summary: method.comment,
    deprecated: method.options?.deprecated === true,
    input: [{ name: "", type: streamed(method.requestType, method.requestStream), required: true, description: null }],
    output: [{ name: "", type: streamed(method.responseType, method.responseStream), required: false, description: null }],
  };
}

function fieldOf(field: protobuf.Field): ApiField {
  const type = field instanceof protobuf.MapField ? `map of ${field.keyType} to ${field.type}` : field.type;
  return { name: field.name, type: field.repeated ? `${type}[]` : type, required: field.required, description: field.comment };
}
