import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { jwtVerify } from "jose";
import { CONTENT } from "./content";
import { GITHUB, type Operation } from "./description";
import { type Fault, Faults } from "./faults";
import { gitHttpBackend, send } from "./git-backend";
import { type Caller, HANDLERS, NOT_FOUND, type Reply } from "./handlers";
import { type Repo, State } from "./state";
import { TEMPLATE_HANDLERS } from "./template-handlers";

const ALL_HANDLERS = { ...HANDLERS, ...CONTENT, ...TEMPLATE_HANDLERS };

const PREFIX = "/api/v3";

/**
 * A GitHub Enterprise Server of our own: REST under /api/v3, git over HTTP beside it, real bare repositories. Every request
 * is judged by GitHub's description (`violations`), every effect stays, and every request can be made to fail before or after it.
 */
export interface FakeGithub {
  url: string;
  apiUrl: string;
  state: State;
  faults: Faults;
  /** What GitHub's description forbids and was done all the same. A test is only good when this is empty. */
  violations: string[];
  /** Operations that were asked for, in order. */
  asked: string[];
  /** Private key of the App that `anApp` makes. */
  privateKey: string;
  /** Where the bare repository of this id belongs. */
  directoryFor(id: number): string;
  stop(): Promise<void>;
}

/** Starts a fake on a free port of this machine. */
export async function startFakeGithub(): Promise<FakeGithub> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "fake-github-"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const fake = { url: "", apiUrl: "", state: new State(), faults: new Faults(), violations: [] as string[], asked: [] as string[] };
  const server = createServer((request, response) => {
    answer(fake, dir, request, response).catch((error: unknown) => {
      fake.violations.push(`the fake failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.apiUrl = `${fake.url}${PREFIX}`;
  return Object.assign(fake, {
    privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    directoryFor: (id: number) => path.join(dir, `${id}.git`),
    stop: () => stop(server, dir),
  });
}

async function stop(server: Server, dir: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
}

type Inside = Omit<FakeGithub, "stop" | "privateKey" | "directoryFor">;

async function answer(fake: Inside, dir: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", fake.url);
  if (url.pathname.startsWith("/logs/")) {
    const run = fake.state.runs.find((one) => one.id === Number(url.pathname.slice(6)));
    if (request.headers.authorization) fake.violations.push("the token was sent to the log store");
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(run?.log ?? "");
    return;
  }
  const git = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(url.pathname);
  if (git) return answerGit(fake, request, response, { owner: git[1] ?? "", name: git[2] ?? "", pathInfo: git[3] ?? "", query: url.search.slice(1) });
  await answerApi(fake, dir, request, response, url);
}

async function answerApi(fake: Inside, dir: string, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text ? JSON.parse(text) : undefined;
  const found = url.pathname.startsWith(PREFIX) ? GITHUB.findOperation(request.method ?? "", url.pathname.slice(PREFIX.length)) : null;
  const handler = found ? ALL_HANDLERS[found.operation.id] : undefined;
  if (!found || !handler) {
    fake.violations.push(`${request.method} ${url.pathname} is not among the described operations`);
    return reply(response, NOT_FOUND);
  }
  const { operation, params } = found;
  fake.asked.push(operation.id);
  const before = fake.faults.take(operation.id, "before");
  if (before) return fail(response, before);
  const problems = GITHUB.requestProblems(operation, url.searchParams, body);
  if (!request.headers["x-github-api-version"]) problems.push(`${operation.id}: x-github-api-version is missing`);
  if (problems.length > 0) {
    fake.violations.push(...problems);
    return reply(response, { status: 422, body: { message: `Invalid request: ${problems.join("; ")}`, documentation_url: "https://docs.github.com/rest" } });
  }
  const caller = await whoCalls(fake.state, request);
  const refused = refusal(caller, handler, params);
  const result = refused ?? handler.run({ base: fake.url, state: fake.state, dir, caller, params, query: url.searchParams, body: (body ?? {}) as Record<string, unknown> });
  const after = fake.faults.take(operation.id, "after");
  if (after) return fail(response, after);
  judge(fake, operation, result);
  const { rate } = fake.state;
  const etag = request.method === "GET" && result.status === 200 ? `W/"${createHash("sha256").update(JSON.stringify(result.body)).digest("hex")}"` : null;
  if (etag && request.headers["if-none-match"] === etag) return reply(response, { status: 304, headers: { etag, ...limitHeaders(rate) } }, caller);
  if (rate.counts && operation.id !== "rate-limit/get") rate.remaining -= 1;
  reply(response, { ...result, headers: { ...limitHeaders(rate), ...(etag ? { etag } : {}), ...result.headers } }, caller);
}

/** Errors have GitHub's general shape, which the description does not give for each operation. */
function judge(fake: Inside, operation: Operation, { status, body }: Reply): void {
  if (status < 400) fake.violations.push(...GITHUB.answerProblems(operation, status, body).map((problem) => `the fake itself: ${problem}`));
}

/** Who stands behind the Authorization header; nobody for an unknown or ended token. */
async function whoCalls(state: State, request: IncomingMessage): Promise<Caller> {
  const header = request.headers.authorization ?? "";
  const value = /^basic /i.test(header) ? Buffer.from(header.slice(6), "base64").toString().split(":")[1] : header.replace(/^(token|bearer) /i, "");
  const token = state.tokens.find((one) => one.value === value && one.expiresAt > Date.now());
  if (token) return { type: "token", token };
  for (const app of value?.split(".").length === 3 ? state.apps : []) {
    const claims = await jwtVerify(value ?? "", app.publicKey, { algorithms: ["RS256"], issuer: String(app.id) }).catch(() => null);
    const { iat = 0, exp = 0 } = claims?.payload ?? {};
    if (claims && exp - iat <= 660 && iat <= Date.now() / 1000) return { type: "app", app };
  }
  return { type: "nobody" };
}

function refusal(caller: Caller, { needs, scope }: { needs: string | null; scope?: string }, params: Record<string, string>): Reply | null {
  const say = (status: number, message: string, headers: Record<string, string> = {}): Reply => ({
    status,
    body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) },
    headers,
  });
  if (caller.type === "nobody") return say(401, "Bad credentials");
  if (needs === "app") return caller.type === "app" ? null : say(401, "A JSON web token could not be decoded");
  if (caller.type === "app") return say(401, "Bad credentials");
  const { token } = caller;
  if (token.installation?.isSuspended) return say(403, "This installation has been suspended");
  if (token.needsSso && (params["owner"] ?? params["org"])) {
    return say(403, "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.", {
      "x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=AAA",
    });
  }
  const isOpen = needs === null || (token.scopes ? !scope || token.scopes.includes(scope) : has(token.permissions, needs));
  if (isOpen) return null;
  const message = token.installation ? "Resource not accessible by integration" : "Resource not accessible by personal access token";
  return say(403, message, token.scopes ? { "x-accepted-oauth-scopes": scope ?? "" } : { "x-accepted-github-permissions": needs ?? "" });
}

function has(permissions: Record<string, string>, needed: string): boolean {
  const [name = "", level] = needed.split("=");
  return permissions[name] === "write" || permissions[name] === "admin" || (level === "read" && permissions[name] === "read");
}

async function answerGit(fake: Inside, request: IncomingMessage, response: ServerResponse, at: { owner: string; name: string; pathInfo: string; query: string }): Promise<void> {
  const operation = `git${at.pathInfo.replace("/git-", "/").replace("/info/refs", "/info-refs")}`;
  fake.asked.push(operation);
  const before = fake.faults.take(operation, "before");
  if (before) return fail(response, before);
  const isPush = at.pathInfo === "/git-receive-pack" || at.query.includes("git-receive-pack");
  const caller = await whoCalls(fake.state, request);
  const repo = fake.state.repo(at.owner, at.name);
  if (caller.type !== "token") return void response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end("Authentication required\n");
  const { permissions, scopes } = caller.token;
  const mayRead = scopes ? scopes.includes("repo") : has(permissions, "contents=read");
  if (!repo || !mayRead) return void response.writeHead(404).end("Repository not found.\n");
  const mayPush = scopes ? scopes.includes("repo") : has(permissions, "contents=write");
  if (isPush && (!mayPush || repo.isArchived)) {
    return void response.writeHead(403).end(repo.isArchived ? "ERROR: This repository was archived so it is read-only.\n" : "Write access to repository not granted.\n");
  }
  const mayPushWorkflows = scopes ? scopes.includes("workflow") : has(permissions, "workflows=write");
  const result = await gitHttpBackend(request, { dir: repo.dir, pathInfo: at.pathInfo, query: at.query, mayPushWorkflows, protectedRef: protectedRef(repo) });
  const after = fake.faults.take(operation, "after");
  if (after) return fail(response, after);
  send(response, result);
}

const protectedRef = (repo: Repo) =>
  repo.rulesets.some((ruleset) => ruleset.enforcement === "active" && JSON.stringify(ruleset.rules).includes("pull_request")) ? `refs/heads/${repo.defaultBranch}` : null;

const limitHeaders = ({ limit, remaining }: { limit: number; remaining: number }) => ({ "x-ratelimit-limit": String(limit), "x-ratelimit-remaining": String(remaining) });

function reply(response: ServerResponse, { status, body, headers = {} }: Reply, caller?: Caller): void {
  const scopes = caller?.type === "token" && caller.token.scopes ? { "x-oauth-scopes": caller.token.scopes.join(", ") } : {};
  const limits = {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4990",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 1800),
    "x-github-request-id": "FAKE:1",
  };
  response.writeHead(status, { ...limits, ...scopes, ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function fail(response: ServerResponse, kind: Fault["kind"]): void {
  if (kind === "silence") return;
  if (kind === "cut") return void response.destroy();
  if (kind === "half") {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": "1000" });
    response.write('{"id": 1,');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  reply(response, {
    status: kind.status,
    body: { message: kind.message ?? "Server Error", documentation_url: "https://docs.github.com/rest" },
    ...(kind.headers ? { headers: kind.headers } : {}),
  });
}
