import { z } from "zod";
import type { RouteHandler } from "./route";

export interface ListedRoute {
  /** For example `/environments/{id}`. */
  path: string;
  /** Its module, read when somebody asks for the description. */
  load: () => Promise<Partial<Record<(typeof METHODS)[number], RouteHandler>>>;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

const problem = { description: "What went wrong and what to do (RFC 9457).", content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };

const problemSchema = {
  type: "object",
  required: ["status", "code", "detail", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    errors: { type: "array", items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" }, guardrail: { type: "string" } } } },
    requestId: { type: "string" },
  },
};

type JsonSchema = { properties?: Record<string, unknown>; required?: string[] } & Record<string, unknown>;

function operationOf(path: string, method: string, handler: RouteHandler) {
  const { operation } = handler;
  if (!operation) return null;
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any", target: "draft-2020-12" }) as JsonSchema;
  delete schema.$schema;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const rest = Object.entries(schema.properties ?? {}).filter(([name]) => !inPath.includes(name));
  const asQuery = method === "GET" || method === "DELETE";
  const required = (schema.required ?? []).filter((name) => !inPath.includes(name));
  return {
    operationId: `${operation.permission}.${method.toLowerCase()}.${path}`,
    summary: operation.summary,
    tags: [path.split("/")[1]],
    parameters: [
      ...inPath.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...(asQuery ? rest.map(([name, value]) => ({ name, in: "query", required: required.includes(name), schema: value })) : []),
      ...(method === "POST" ? [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string" } }] : []),
    ],
    ...(!asQuery && rest.length
      ? {
          requestBody: {
            required: required.length > 0,
            content: { "application/json": { schema: handler.rows ? oneOrMany(schema) : { ...schema, properties: Object.fromEntries(rest), required } } },
          },
        }
      : {}),
    responses: { [handler.status ?? 200]: { description: "Done or accepted.", content: { "application/json": {} } }, default: problem },
  };
}

/** Routes of rows take one document or an array of them. */
function oneOrMany(schema: JsonSchema) {
  const rows = schema.properties?.items as { items?: unknown } | undefined;
  return { oneOf: [rows?.items ?? {}, rows ?? {}] };
}

/** The OpenAPI 3.1 description of the listed routes; inputs are the zod contracts themselves. */
export async function openApiDocument(routes: ListedRoute[], serverUrl: string) {
  const loaded = await Promise.all(routes.map(async ({ path, load }) => ({ path, module: await load() })));
  const paths = Object.fromEntries(
    loaded.map(({ path, module }) => [
      path,
      Object.fromEntries(
        METHODS.flatMap((method) => {
          const handler = module[method];
          const described = handler ? operationOf(path, method, handler) : null;
          return described ? [[method.toLowerCase(), described]] : [];
        }),
      ),
    ]),
  );
  return {
    openapi: "3.1.0",
    info: { title: "Waymark", version: "1", description: "Bearer token `wmk_…` or the session cookie. Times are ISO 8601 UTC." },
    servers: [{ url: `${serverUrl}/api/v1` }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { token: { type: "http", scheme: "bearer" }, session: { type: "apiKey", in: "cookie", name: "waymark_session" } },
    },
  };
}
