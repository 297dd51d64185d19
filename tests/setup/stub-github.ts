import { createHash } from "node:crypto";
import { env } from "@/lib/core/env";
import type { GithubClient } from "@/lib/github/client";

/** Makes this the connected GitHub: `rest` answers its calls, in place of the library. */
export function stubGithub(webUrl: string, owner: string, rest: unknown): void {
  const connection = { apiUrl: webUrl, owner, auth: { type: "token" as const, token: "secret-token" } };
  env().github = connection;
  const client: GithubClient = {
    owner,
    apiUrl: webUrl,
    webUrl,
    auth: "token",
    call: async (_doing, request) => request(rest as Parameters<typeof request>[0]),
    gitToken: async () => "secret-token",
    installation: async () => null,
    forgetTokens: () => {},
  };
  const key = createHash("sha256").update(JSON.stringify(connection)).digest("hex");
  (globalThis as { __waymarkGithub?: Map<string, GithubClient> }).__waymarkGithub = new Map([[key, client]]);
}
