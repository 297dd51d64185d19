import type { z } from "zod";
import type { Ctx } from "../ctx";
import type { Operation } from "../operation";
import { readJson, readJsonRows } from "./body";
import { once } from "./idempotency";
import { HttpError, problemResponse } from "./problem";
import { requestCtx, requestIdOf } from "./request-ctx";
import { withRowPaths } from "./rows";

type RouteContext = { params: Promise<Record<string, string | string[]>> };
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

interface RouteOptions {
  /** Status of success; 200 by default. */
  status?: number;
  /** Fixed input fields that the address implies. */
  fixed?: Record<string, unknown>;
  /** The input field that takes the Idempotency-Key: the operation knows repeats itself, and no hash of its input is kept. */
  keyField?: string;
  /** A repeat of the same changes nothing, so no Idempotency-Key is kept: the operation has its own transaction, and may read before it. */
  isRepeatable?: boolean;
  /** Reads the body where it need not be a JSON object. */
  read?: (request: Request) => Promise<Record<string, unknown>>;
  /** The body is one document or an array of them; the operation takes `{items}`. A function turns each into rows of the operation first. */
  rows?: boolean | ((row: unknown, ctx: Ctx) => Promise<unknown[]>);
}

export interface RouteHandler extends Handler {
  // biome-ignore lint/suspicious/noExplicitAny: operations of every input and output are listed in one table
  operation?: Operation<any, any>;
  status?: number;
  rows?: boolean;
}

/** One operation as a route handler: address and query (GET, DELETE) or JSON body → operation → JSON or problem+json. */
export function route<I extends z.ZodType, O>(operation: Operation<I, O>, options: RouteOptions = {}): RouteHandler {
  const status = options.status ?? 200;
  const handler = httpHandler(async (request, ctx, params) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const sent = options.rows && request.method === "POST" ? await readJsonRows(request) : null;
    const turn = typeof options.rows === "function" ? options.rows : async (row: unknown) => [row];
    const turned = sent ? await Promise.all(sent.map((row) => turn(row, ctx))) : null;
    const rows = turned?.flat() ?? null;
    const body = request.method === "GET" || request.method === "HEAD" ? query : { ...query, ...(rows ? { items: rows } : await (options.read ?? readJson)(request)) };
    const key = request.method === "POST" ? request.headers.get("idempotency-key") : null;
    const known = options.keyField && key !== null ? { [options.keyField]: key } : {};
    const input = { ...known, ...body, ...params, ...options.fixed } as z.input<I>;
    if (key === null || options.keyField || options.isRepeatable) return Response.json(await withRowPaths(turned, () => operation(ctx, input)), { status });
    const answer = await once(ctx, key, `${new URL(request.url).pathname}\n${JSON.stringify(input)}`, async (tx) => ({
      status,
      body: await withRowPaths(turned, () => operation(ctx, input, tx)),
    }));
    return Response.json(answer.body, { status: answer.status });
  });
  return Object.assign(handler, { operation, status, rows: Boolean(options.rows) });
}

/** A hand-written handler with the same authentication, request id and error answers as `route`. */
export function httpHandler(work: (request: Request, ctx: Ctx, params: Record<string, string>) => Promise<Response>): Handler {
  return async (request, context) => {
    const requestId = requestIdOf(request.headers);
    try {
      const ctx = await requestCtx(request, requestId);
      const params = (await context.params) ?? {};
      const response = await work(request, ctx, flatten(params));
      response.headers.set("x-request-id", requestId);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "private, no-store");
      return response;
    } catch (error) {
      return problemResponse(error, requestId);
    }
  };
}

/** A handler without a caller (health, webhooks, sign-in): only request id and error answers. */
export function openHandler(work: (request: Request, requestId: string) => Promise<Response>): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = requestIdOf(request.headers);
    try {
      const response = await work(request, requestId);
      response.headers.set("x-request-id", requestId);
      return response;
    } catch (error) {
      return problemResponse(error, requestId);
    }
  };
}

function flatten(params: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decode(Array.isArray(value) ? value.join("/") : value)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "unreadable", "The address contains a malformed escape sequence.");
  }
}
