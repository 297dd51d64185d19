import { z } from "zod";

export const CONFIRMATION_MINUTES = 10;

export const CONFIRMATION_STATES = ["waiting", "confirmed", "refused", "used", "expired"] as const;
export type ConfirmationState = (typeof CONFIRMATION_STATES)[number];

/** What an agent wants to do, as the person who owns its token sees it. */
export interface Confirmation {
  id: string;
  /** `expired`: nobody decided, or the agent did not come back in time. */
  state: ConfirmationState;
  client: string;
  token: { id: string; name: string };
  tool: string;
  /** Verb and noun: `Delete environment`. */
  title: string;
  arguments: Record<string, unknown>;
  /** What would be lost, one line each. */
  effects: string[];
  createdAt: string;
  expiresAt: string;
  decidedAt: string | null;
  usedAt: string | null;
}

export const ConfirmationId = z.strictObject({ id: z.string().max(64) });
export const DecideInput = ConfirmationId.extend({ confirm: z.boolean() });

export const CLIENT_KINDS = ["claude-code", "cursor", "vscode", "other"] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

export interface ClientSetup {
  title: string;
  /** What to do with the text, in one sentence. */
  where: string;
  text: string;
}

/** How each client is told where Waymark is and with which token. */
export function clientSetup(kind: ClientKind, url: string, token: string): ClientSetup {
  const headers = { Authorization: `Bearer ${token}` };
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  switch (kind) {
    case "claude-code":
      return { title: "Claude Code", where: "Run this in a terminal.", text: `claude mcp add --transport http waymark ${url} --header "Authorization: Bearer ${token}"` };
    case "cursor":
      return { title: "Cursor", where: "Put this into ~/.cursor/mcp.json.", text: json({ mcpServers: { waymark: { url, headers } } }) };
    case "vscode":
      return {
        title: "VS Code",
        where: "Put this into the user's mcp.json (“MCP: Open User Configuration”), not into a repository.",
        text: json({ servers: { waymark: { type: "http", url, headers } } }),
      };
    case "other":
      return { title: "Another client", where: "Streamable HTTP with one header.", text: `${url}\nAuthorization: Bearer ${token}` };
  }
}
