import { db } from "@/db/client";
import { apiTokens, environments } from "@/db/schema";
import type { Scope } from "@/lib/core/actor";
import { makeToken } from "@/lib/core/auth/token-format";
import { databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { sha256 } from "@/lib/core/secrets";
import { serveMcp } from "@/lib/mcp/serve";

const HOST = "localhost:3000";

/** A token of the person with these scopes. */
export async function aToken(userId: string, scopes: Scope[], name = "agent"): Promise<{ id: string; token: string }> {
  const [id, token] = [newId("token"), makeToken("pat")];
  const expiresAt = new Date((await databaseNow()).getTime() + 3_600_000);
  await db()
    .insert(apiTokens)
    .values({ id, userId, kind: "pat", name, hash: sha256(token), prefix: token.slice(0, 12), scopes, expiresAt });
  return { id, token };
}

/** A row of an environment that nothing runs behind. */
export async function anEnvironmentRow(ownerId: string, team: string, more: Partial<typeof environments.$inferInsert> = {}): Promise<string> {
  const id = newId("environment");
  const ttl = { ttlMinutes: 2_880, expiresAt: new Date((await databaseNow()).getTime() + 2_880 * 60_000) };
  await db()
    .insert(environments)
    .values({ id, name: `e-${id.slice(-9)}`, lifetime: "ephemeral", tier: "sandbox", status: "ready", ownerId, teamId: `tea_${team}`, driver: "local", ...ttl, ...more });
  return id;
}

export interface RpcAnswer {
  status: number;
  headers: Headers;
  body: {
    id?: unknown;
    result?: Record<string, never> & {
      isError?: boolean;
      content?: { type: string; text: string }[];
      structuredContent?: Record<string, unknown> & { problem?: { status: number; code: string; detail: string; errors?: { path: string; message: string }[] } };
      tools?: { name: string; annotations: Record<string, boolean>; inputSchema: { properties: Record<string, { description?: string }>; required: string[] } }[];
    };
    error?: { code: number; message: string; data: Record<string, unknown> };
  };
}

/** One message to the MCP door, as a client sends it. */
export async function rpc(
  token: string | null,
  method: string,
  params: Record<string, unknown> = {},
  options: { headers?: Record<string, string>; body?: unknown; http?: string } = {},
): Promise<RpcAnswer> {
  const http = options.http ?? "POST";
  const request = new Request(`http://${HOST}/api/mcp`, {
    method: http,
    headers: {
      host: HOST,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...options.headers,
    },
    ...(http === "POST" ? { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body ?? { jsonrpc: "2.0", id: 7, method, params }) } : {}),
  });
  const response = await serveMcp(request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
}

/** A tool call; throws unless it is answered as one. */
export async function callTool(token: string, name: string, args: Record<string, unknown> = {}) {
  const { body, status } = await rpc(token, "tools/call", { name, arguments: args });
  if (!body.result) throw new Error(`${name} was answered with ${status} ${JSON.stringify(body)}`);
  return body.result;
}

/** Connects as a client that names itself. */
export const connect = (token: string, name: string, version = "1.0.0") =>
  rpc(token, "initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name, version } });
