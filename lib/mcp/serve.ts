import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { db } from "@/db/client";
import { noteCall, noteClient } from "@/lib/agents/mutations";
import { clientOfToken } from "@/lib/agents/queries";
import { limitRate } from "@/lib/core/auth/rate-limit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { readJsonValue } from "@/lib/core/http/body";
import { HttpError, problemOf } from "@/lib/core/http/problem";
import { bearerCtx, requestIdOf } from "@/lib/core/http/request-ctx";
import { loadSettings } from "@/lib/platform/queries";
import { requireOwnAddress } from "./own-address";
import { mcpServer } from "./server";

// Streamable HTTP without sessions: every POST is authenticated, answered as JSON and forgotten.

const CALLS_PER_MINUTE = 60;
const COUNTED = new Set(["tools/call", "resources/read", "prompts/get"]);
const MAX_BYTES = 512 * 1024;
const NAME_CHARS = 60;
const RPC_CODES: Record<number, number> = { 400: -32700, 413: -32600, 415: -32600, 422: -32600, 500: -32603 };

interface Message {
  id: string | number | null;
  method: string;
  params: Record<string, unknown>;
}

/** The one message of a request. Throws HttpError and DomainError("invalid"). */
async function readMessage(request: Request): Promise<{ body: unknown; message: Message }> {
  const body = await readJsonValue(request, MAX_BYTES);
  if (Array.isArray(body)) throw new DomainError("invalid", "Batches are no part of the protocol any more. Send one message per request.");
  const { id, method, params } = (body ?? {}) as Record<string, unknown>;
  const isId = typeof id === "string" || typeof id === "number";
  return {
    body,
    message: {
      id: isId ? id : null,
      method: typeof method === "string" ? method : "",
      params: typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {},
    },
  };
}

/** A name that a client gives itself: one short line. */
const named = (value: unknown, otherwise: string) =>
  typeof value === "string"
    ? value
        .replace(/[\p{C}\s]+/gu, " ")
        .trim()
        .slice(0, NAME_CHARS) || otherwise
    : otherwise;

/** Whose agent asks. It names itself when it connects; from then on its token stands for it. */
async function agentOf({ actor, now }: Ctx, { method, params }: Message): Promise<string> {
  const tokenId = actor.type === "user" ? actor.credential.id : "";
  if (method === "initialize") {
    const { clientInfo } = params as { clientInfo?: { name?: unknown; title?: unknown; version?: unknown } };
    const client = { name: named(clientInfo?.title ?? clientInfo?.name, "Unnamed agent"), version: named(clientInfo?.version, "") };
    await noteClient(db(), tokenId, client, now);
    return client.name;
  }
  const known = await clientOfToken(db(), tokenId);
  if (known) await noteCall(db(), tokenId, known.lastCallAt, now);
  return known?.name ?? "Unnamed agent";
}

async function authenticated(request: Request, requestId: string): Promise<Ctx> {
  const ctx = await bearerCtx(request, requestId);
  if (ctx.actor.type === "user" && ctx.actor.credential.type === "token" && ctx.actor.credential.scopes.every((scope) => scope === "scim"))
    throw new HttpError(401, "unauthenticated", "This token is for provisioning. Create one for the agent under Account, Tokens.");
  return ctx;
}

/** Answers one request of an agent or editor. */
export async function serveMcp(request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  let id: Message["id"] = null;
  try {
    requireOwnAddress(request.headers);
    const ctx = await authenticated(request, requestId);
    if (!(await loadSettings(db()))["agents.enabled"])
      throw new DomainError("forbidden", "Agents are switched off on this Waymark. A platform admin switches them on in the settings.");
    if (request.method !== "POST") throw new HttpError(405, "method_not_allowed", "There is no stream and no session here: every message is a POST that is answered by itself.");
    const { body, message } = await readMessage(request);
    id = message.id;
    const tokenId = ctx.actor.type === "user" ? ctx.actor.credential.id : "";
    if (COUNTED.has(message.method)) await limitRate(`mcp|${tokenId}`, CALLS_PER_MINUTE, 60);
    const agent = await agentOf(ctx, message);
    const refresh = async () => ({ ...(await authenticated(request, requestId)), agent });
    const server = mcpServer({ ctx: { ...ctx, agent }, refresh, signal: request.signal });
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body });
    response.headers.set("x-request-id", requestId);
    response.headers.set("cache-control", "private, no-store");
    return response;
  } catch (error) {
    return rpcFailure(error, id, requestId);
  }
}

/** What did not reach the protocol, as an error of the protocol. */
function rpcFailure(error: unknown, id: Message["id"], requestId: string): Response {
  const { detail, retryAfterSeconds, ...problem } = problemOf(error, requestId);
  const { status } = problem;
  const headers: Record<string, string> = { "x-request-id": requestId, "cache-control": "no-store" };
  if (retryAfterSeconds) headers["retry-after"] = String(retryAfterSeconds);
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="waymark"';
  if (status === 405) headers.allow = "POST";
  const data = { ...problem, requestId, ...(retryAfterSeconds ? { retryAfterSeconds } : {}) };
  // A message that cannot be valid is the caller's mistake at the level of HTTP too.
  return Response.json({ jsonrpc: "2.0", id, error: { code: RPC_CODES[status] ?? -32000, message: detail, data } }, { status: status === 422 ? 400 : status, headers });
}
