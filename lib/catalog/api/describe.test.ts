import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionText, describeApi } from "./describe";

const lines = async (type: string | null, text: string) => {
  const { operations, types, problem, format } = await describeApi(type, text);
  return {
    format,
    problem,
    operations: operations.map(({ verb, name, group }) => `${group ? `${group} ` : ""}${verb} ${name}`),
    types: types.map(({ name, fields }) => `${name}(${fields.map((field) => `${field.name}${field.required ? "!" : ""}: ${field.type}`).join(", ")})`),
  };
};

describe("what an API offers", () => {
  test("OpenAPI 3: operations with parameters, bodies and answers; references by their name", async () => {
    const text = `openapi: 3.1.0
info: {title: Orders, version: 1.2.0}
servers: [{url: https://api.fellside.example}]
paths:
  /orders/{id}:
    parameters: [{$ref: "#/components/parameters/Id"}]
    get:
      tags: [orders]
      summary: One order
      responses: {200: {description: It, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
    post:
      deprecated: true
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}
webhooks:
  paid: {post: {summary: It was paid, responses: {200: {description: ok}}}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: string, format: uuid}}}
  schemas: {Order: {type: object, required: [id], properties: {id: {type: string}, state: {enum: [open, paid]}, next: {$ref: "#/components/schemas/Order"}}}}`;
    expect(await lines("openapi", text)).toEqual({
      format: "openapi",
      problem: null,
      operations: ["orders GET /orders/{id}", "POST /orders/{id}", "Webhooks POST paid"],
      types: ["Order(id!: string, state: open | paid, next: Order)"],
    });
    const [get, post] = (await describeApi(null, text)).operations;
    expect(get?.input).toEqual([{ name: "id", type: "string (uuid), in path", required: true, description: null }]);
    expect(get?.output).toEqual([{ name: "200", type: "Order", required: false, description: "It" }]);
    expect([post?.deprecated, post?.input[1]?.type]).toEqual([true, "Order[], application/json"]);
  });

  test("a body without a name of its own tells its fields", async () => {
    const schema = { type: "object", required: ["name"], properties: { name: { type: "string", description: "What it is called" }, size: { type: "integer" } } };
    const described = await describeApi(
      "openapi",
      JSON.stringify({ openapi: "3.1.0", paths: { "/a": { post: { requestBody: { required: true, content: { "application/json": { schema } } } } } } }),
    );
    expect(described.operations[0]?.input).toEqual([
      { name: "name", type: "string, in body", required: true, description: "What it is called" },
      { name: "size", type: "integer, in body", required: false, description: null },
    ]);
  });

  test("Swagger 2 in JSON", async () => {
    const text = JSON.stringify({
      swagger: "2.0",
      info: { title: "Old" },
      host: "old.example",
      basePath: "/v1",
      paths: {
        "/a": {
          post: { parameters: [{ in: "body", name: "x", schema: { $ref: "#/definitions/A" } }], responses: { 200: { description: "ok", schema: { $ref: "#/definitions/A" } } } },
        },
      },
      definitions: { A: { allOf: [{ $ref: "#/definitions/B" }], properties: { a: { type: "integer" } } }, B: { properties: { b: { type: "boolean" } } } },
    });
    expect(await lines("openapi", text)).toMatchObject({ operations: ["POST /a"], types: ["A(a: integer, b: boolean)", "B(b: boolean)"] });
  });

  test("AsyncAPI 2 and 3: channels and messages", async () => {
    const two =
      "asyncapi: 2.6.0\ninfo: {title: E}\nchannels:\n  order.paid:\n    subscribe: {summary: Paid, message: {$ref: '#/components/messages/Paid'}}\ncomponents: {messages: {Paid: {payload: {$ref: '#/components/schemas/Order'}}}, schemas: {Order: {properties: {id: {type: string}}}}}";
    expect(await lines("asyncapi", two)).toMatchObject({ format: "asyncapi", operations: ["SUBSCRIBE order.paid"], types: ["Order(id: string)"] });
    expect((await describeApi("asyncapi", two)).operations[0]?.input).toEqual([{ name: "Paid", type: "Order", required: false, description: null }]);
    const three =
      "asyncapi: 3.0.0\nchannels: {paid: {address: order.paid, messages: {Paid: {payload: {type: object}}}}}\noperations: {onPaid: {action: receive, channel: {$ref: '#/channels/paid'}}}";
    expect((await lines("asyncapi", three)).operations).toEqual(["RECEIVE order.paid"]);
  });

  test("GraphQL and gRPC", async () => {
    const graphql = `"A product" type Product { id: ID! tags: [String!] } enum State { ON OFF } type Query { "By id" product(id: ID!): Product old: Int @deprecated } extend type Mutation { drop: Boolean }`;
    expect(await lines("graphql", graphql)).toMatchObject({
      operations: ["QUERY product", "QUERY old", "MUTATION drop"],
      types: ["Product(id!: ID!, tags: [String!])", "State(ON: , OFF: )"],
    });
    const proto = `syntax = "proto3"; package ledger; // Books\nservice Ledger { // One booking\n rpc Book (Booking) returns (stream Receipt); }\nmessage Booking { string id = 1; repeated int64 cents = 2; map<string, Booking> more = 3; enum Kind { A = 0; } }`;
    expect(await lines("grpc", proto)).toMatchObject({
      format: "grpc",
      operations: ["Ledger STREAM Book"],
      types: ["Booking(id: string, cents: int64[], more: map of string to Booking)", "Kind(A: 0)"],
    });
  });

  test("what cannot be read says why, and is text still", async () => {
    expect((await lines("graphql", "type {")).problem).toContain("Expected Name");
    expect((await lines("openapi", "openapi: [")).problem).toContain("line 1");
    expect((await lines("grpc", "service X {")).problem).not.toBeNull();
    expect(await lines("wsdl", "<definitions/>")).toEqual({ format: "other", problem: null, operations: [], types: [] });
    expect(definitionText({ spec: { definition: { openapi: "3.0.0" } } })).toBe("openapi: 3.0.0\n");
    expect([definitionText({ spec: null }), definitionText({ spec: { definition: " " } })]).toEqual([null, null]);
  });

  test("whatever is in a definition, the answer comes and is of this shape", async () => {
    const keys = fc.constantFrom(
      "paths",
      "components",
      "schemas",
      "$ref",
      "get",
      "parameters",
      "properties",
      "allOf",
      "items",
      "channels",
      "operations",
      "openapi",
      "__proto__",
      "x",
    );
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constant("#/paths"),
        fc.dictionary(keys, tie("node"), { maxKeys: 5 }),
        fc.array(tie("node"), { maxLength: 3 }),
      ),
    })).node;
    await fc.assert(
      fc.asyncProperty(json, fc.constantFrom("openapi", "asyncapi", "graphql", "grpc"), async (data, type) => {
        const { operations, types } = await describeApi(type, JSON.stringify(data));
        expect(Array.isArray(operations) && Array.isArray(types)).toBe(true);
      }),
      { numRuns: 300 },
    );
    const loop = '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"}},"components":{"schemas":{"A":{"allOf":[{"$ref":"#/components/schemas/A"}]}}}}';
    expect((await describeApi("openapi", loop)).problem).toBeNull();
  });
});
