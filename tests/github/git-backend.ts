import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import { createGunzip } from "node:zlib";

const BACKEND = path.join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");

// What GitHub itself checks when something is pushed: workflows need a permission of their own, rules may forbid the branch.
const HOOK = `#!/bin/sh
while read old new ref; do
  if [ "$FAKE_MAY_WORKFLOWS" != 1 ] && git ls-tree -r --name-only "$new" | grep -q '^\\.github/workflows/'; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`.github/workflows/ci.yml\\\` without \\\`workflows\\\` permission"
    exit 1
  fi
  if [ "$FAKE_PROTECTED" = "$ref" ]; then
    echo "GH013: Repository rule violations found for $ref. Changes must be made through a pull request."
    exit 1
  fi
done
`;

let template: string | null = null;

/** An empty bare repository that answers as GitHub's do; copied, because starting git costs more. */
export function initRepository(dir: string, defaultBranch: string): void {
  template ??= makeTemplate();
  cpSync(template, dir, { recursive: true });
  writeFileSync(path.join(dir, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
}

function makeTemplate(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "fake-github-template-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  execFileSync("git", ["init", "--quiet", "--bare", "--template=", dir]);
  execFileSync("git", ["--git-dir", dir, "config", "http.receivepack", "true"]);
  mkdirSync(path.join(dir, "hooks"));
  writeFileSync(path.join(dir, "hooks/pre-receive"), HOOK, { mode: 0o755 });
  return dir;
}

interface Request {
  dir: string;
  /** `/info/refs`, `/git-upload-pack`, `/git-receive-pack`. */
  pathInfo: string;
  query: string;
  mayPushWorkflows: boolean;
  protectedRef: string | null;
}

/** Runs git's own CGI program and returns its whole answer. */
export async function gitHttpBackend(
  request: IncomingMessage,
  { dir, pathInfo, query, mayPushWorkflows, protectedRef }: Request,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const child = spawn(BACKEND, {
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROJECT_ROOT: path.dirname(dir),
      PATH_INFO: `/${path.basename(dir)}${pathInfo}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      REMOTE_USER: "fake",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      FAKE_MAY_WORKFLOWS: mayPushWorkflows ? "1" : "0",
      FAKE_PROTECTED: protectedRef ?? "",
    } as Record<string, string> as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const source = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
  source.pipe(child.stdin).on("error", () => {});
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const headEnd = whole.indexOf("\r\n\r\n");
  const headers = Object.fromEntries(
    whole
      .subarray(0, headEnd)
      .toString()
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number.parseInt(headers["status"] ?? "200", 10), headers, body: whole.subarray(headEnd + 4) };
}

export function send(response: ServerResponse, { status, headers, body }: { status: number; headers: Record<string, string>; body: Buffer }): void {
  const { status: _status, ...rest } = headers;
  response.writeHead(status, rest).end(body);
}
