import { stringify } from "yaml";

const PRODUCTS = `"Products and variants, as the shop front reads them."
type Query {
  "One product by its number."
  product(id: ID!): Product
  products(first: Int = 20, after: String, inStock: Boolean): [Product!]!
}

type Product {
  id: ID!
  title: String!
  "In cents, tax included."
  price: Int!
  state: ProductState!
  variants: [Variant!]!
}

type Variant {
  sku: ID!
  label: String!
  stock: Int
}

enum ProductState {
  DRAFT
  ON_SALE
  RETIRED
}
`;

const LEDGER = `syntax = "proto3";

package fellside.ledger.v1;

// The double-entry book.
service Ledger {
  // Books both sides of a payment, or neither.
  rpc Book (Booking) returns (Receipt);
  // Every entry of an account since a moment, and then the new ones.
  rpc Follow (Account) returns (stream Entry);
}

message Account { string id = 1; string since = 2; }
message Booking { string debit = 1; string credit = 2; int64 cents = 3; string reason = 4; }
message Entry { string id = 1; int64 cents = 2; string booked_at = 3; }
message Receipt { string booking_id = 1; }
`;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answers = (schema: unknown, more: Record<string, unknown> = {}) => ({ 200: { description: "OK", content: { "application/json": { schema } } }, ...more });
const missing = { 404: { description: "There is no such thing." } };

/** The usual four of a collection, as most services of Fellside have them. */
function openApi(name: string, description: string): string {
  const [noun, type] = [name.replace(/s$/, ""), name.replace(/(^|-)([a-z])/g, (_all, _gap, letter: string) => letter.toUpperCase()).replace(/s$/, "")];
  const id = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
  return stringify({
    openapi: "3.1.0",
    info: { title: name, version: "1.4.0", description },
    servers: [{ url: `https://${name}.fellside.example/v1` }],
    paths: {
      [`/${name}`]: {
        get: {
          summary: description,
          parameters: [
            { name: "limit", in: "query", schema: { type: "integer" }, description: "At most 200." },
            { name: "cursor", in: "query", schema: { type: "string" } },
          ],
          responses: answers({ type: "array", items: ref(type) }),
        },
        post: {
          summary: `Add a ${noun}`,
          requestBody: { required: true, content: { "application/json": { schema: ref(type) } } },
          responses: answers(ref(type), { 409: { description: "It is there already." } }),
        },
      },
      [`/${name}/{id}`]: {
        parameters: [id],
        get: { summary: `One ${noun}`, responses: answers(ref(type), missing) },
        delete: { summary: `Remove a ${noun}`, deprecated: true, responses: { 204: { description: "Gone" }, ...missing } },
      },
    },
    components: {
      schemas: {
        [type]: {
          type: "object",
          required: ["id", "state"],
          properties: {
            id: { type: "string", format: "uuid" },
            state: { enum: ["open", "done", "cancelled"] },
            createdAt: { type: "string", format: "date-time" },
            note: { type: "string", description: "For people." },
          },
        },
      },
    },
  });
}

/** The definition of one of the demo company's APIs. */
export function definitionOf(type: string, name: string, description: string): string {
  if (type === "graphql") return PRODUCTS;
  return type === "grpc" ? LEDGER : openApi(name, description);
}
