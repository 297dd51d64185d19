import { spawn } from "node:child_process";
import { atPortal } from "./at-portal";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { code: 0, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...ended, code: code ?? -1 }));
  });
}

/** A token made on the server's own machine, as the README tells. */
export async function hostToken(person: string, scopes = "read,env:write"): Promise<string> {
  const { dataDir } = atPortal();
  const { stdout, stderr, code } = await run(["dist/cli/waymark.js", "token", "create", "--as", person, "--scopes", scopes, "--ttl", "1d"], { WAYMARK_DATA_DIR: dataDir });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Runs `create-sandbox` or `waymark` as the person would, with a token. */
export function commandLine(command: "waymark" | "create-sandbox", args: string[], token: string): Promise<Ended> {
  return run([`dist/cli/${command}.js`, ...args], { WAYMARK_URL: atPortal().url, WAYMARK_TOKEN: token });
}

/** One request of the HTTP API. */
export async function api(
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> & { detail?: string } }> {
  const answer = await fetch(`${atPortal().url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {} };
}
