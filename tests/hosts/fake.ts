import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { HostKind } from "@/lib/hosts/contract";
import { type Fault, Faults } from "@/tests/github/faults";
import { gitHttpBackend, send } from "@/tests/github/git-backend";
import { DIALECTS, type Dialect, type Reply, TOKEN } from "./dialects";
import { defaultBranchOf, HostState } from "./state";

export interface FakeHost {
  url: string;
  state: HostState;
  faults: Faults;
  /** What the host's description forbids and was done all the same. A test is only good when this is empty. */
  violations: string[];
  /** Operations that were asked for, in order. */
  asked: string[];
  stop(): Promise<void>;
}

type Inside = Omit<FakeHost, "stop"> & { dialect: Dialect };

/**
 * A host of one kind on a free port of this machine: its API as its description declares it, git over HTTP with real bare
 * repositories. Every request is judged, every effect stays, and every request can be made to fail before or after it.
 */
export async function startFakeHost(kind: HostKind): Promise<FakeHost> {
  const dir = mkdtempSync(path.join(os.tmpdir(), `fake-${kind}-`));
  const fake: Inside = { url: "", state: new HostState(dir), faults: new Faults(), violations: [], asked: [], dialect: DIALECTS[kind]() };
  const server = createServer((request, response) => {
    answer(fake, request, response).catch((error: unknown) => {
      fake.violations.push(`the fake failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(fake, {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

async function answer(fake: Inside, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", fake.url);
  const [, place, pathInfo] = /^(.*?)(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(url.pathname) ?? [];
  if (place !== undefined && pathInfo) return answerGit(fake, request, response, { place, pathInfo, query: url.search.slice(1) });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { dialect } = fake;
  const found = url.pathname.startsWith(dialect.prefix) ? dialect.judge.findOperation(request.method ?? "", url.pathname.slice(dialect.prefix.length)) : null;
  const handler = found ? dialect.handlers[found.operation.id] : undefined;
  if (!found || !handler) {
    fake.violations.push(`${request.method} ${url.pathname} is not among the described operations`);
    return reply(response, { status: 404, body: { message: "404 Not Found" } });
  }
  const { operation, params } = found;
  fake.asked.push(operation.id);
  const before = fake.faults.take(operation.id, "before");
  if (before) return fail(response, before);
  for (const name of dialect.paging) url.searchParams.delete(name);
  const body: unknown = text ? JSON.parse(text) : undefined;
  const problems = dialect.judge.requestProblems(operation, url.searchParams, body);
  if (problems.length > 0) {
    fake.violations.push(...problems);
    return reply(response, { status: 422, body: { message: problems.join("; ") } });
  }
  if (request.headers.authorization !== dialect.authorization) return reply(response, { status: 401, body: { message: "401 Unauthorized" } });
  const result = handler({ url: fake.url, state: fake.state, params, query: url.searchParams, body: body ?? {} });
  const after = fake.faults.take(operation.id, "after");
  if (after) return fail(response, after);
  if (result.status < 400) fake.violations.push(...dialect.judge.answerProblems(operation, result.status, result.body).map((problem) => `the fake itself: ${problem}`));
  reply(response, result);
}

async function answerGit(fake: Inside, request: IncomingMessage, response: ServerResponse, at: { place: string; pathInfo: string; query: string }): Promise<void> {
  const operation = `git${at.pathInfo.replace("/git-", "/").replace("/info/refs", "/info-refs")}`;
  fake.asked.push(operation);
  const before = fake.faults.take(operation, "before");
  if (before) return fail(response, before);
  const password = Buffer.from((request.headers.authorization ?? "").replace(/^basic /i, ""), "base64")
    .toString()
    .split(":")
    .slice(1)
    .join(":");
  if (password !== TOKEN) return void response.writeHead(401, { "www-authenticate": 'Basic realm="host"' }).end("Authentication required\n");
  const [, owner, name] = fake.dialect.git.exec(at.place) ?? [];
  const repo = owner && name ? fake.state.find(decodeURIComponent(owner), decodeURIComponent(name)) : null;
  if (!repo) return void response.writeHead(404).end("Repository not found.\n");
  if (repo.isArchived && at.pathInfo === "/git-receive-pack") return void response.writeHead(403).end("The repository is archived.\n");
  const branch = defaultBranchOf(repo);
  const isLocked = repo.protections.some((rule) => rule["enable_push"] === false);
  const result = await gitHttpBackend(request, {
    dir: repo.dir,
    pathInfo: at.pathInfo,
    query: at.query,
    mayPushWorkflows: true,
    protectedRef: isLocked && branch ? `refs/heads/${branch}` : null,
  });
  const after = fake.faults.take(operation, "after");
  if (after) return fail(response, after);
  send(response, result);
}

function reply(response: ServerResponse, { status, body }: Reply, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { ...headers, ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }) })
    .end(body === undefined ? undefined : JSON.stringify(body));
}

function fail(response: ServerResponse, kind: Fault["kind"]): void {
  if (typeof kind === "object") reply(response, { status: kind.status, body: { message: kind.message ?? "Server Error" } }, kind.headers);
  else response.destroy();
}
