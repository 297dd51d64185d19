import "server-only";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Ctx } from "@/lib/core/ctx";
import { HttpError, problemResponse } from "@/lib/core/http/problem";
import { basicCtx, requestIdOf } from "@/lib/core/http/request-ctx";
import { log } from "@/lib/core/log";
import { bareRepositoryDir } from "@/lib/git/bare";
import { BadPush, readPushHead, refusalOf, rejection } from "@/lib/git/pkt-line";
import { type GitService, MAX_PUSH_MIB, serveGitProcess } from "@/lib/git/serve";
import { announcePush, openForPush, openForRead } from "./mutations";
import type { RepositoryRow } from "./read";
import { settlePushes } from "./settle";

// Our own git server: smart HTTP only (gitprotocol-http), a token as password, bodies streamed in both directions.

const MAX_FETCH_BYTES = 32 * 1024 * 1024;
const BODY_DEADLINE_MS = 15 * 60_000;
const MAX_AT_ONCE = 8;
/** Half of them, so that nobody keeps everybody else out, by stalled pushes for example. */
const MAX_PER_PERSON = 4;
const PATH = /^([^/]+)\/([^/]+?)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Answers one request to /git/<owner>/<name>.git/…; errors are plain text, which git shows to the person. */
export async function serveGit(request: Request, path: string): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  try {
    const [, owner = "", name = "", action = ""] = PATH.exec(path) ?? [];
    if (!action) throw new HttpError(404, "not_found", "Clone with the address https://…/git/<owner>/<name>.git; only git's smart protocol is served here.");
    const ctx = await basicCtx(request, requestId);
    const service = serviceOf(request, action);
    const repository = service === "git-receive-pack" ? await openForPush(ctx, { owner, name }) : await openForRead(ctx, { owner, name });
    const release = await slot(request.signal, ctx);
    try {
      return request.method === "GET" ? advertise(request, repository, service, release) : await answer(request, ctx, repository, service, release);
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    return plainProblem(error, requestId);
  }
}

function serviceOf(request: Request, action: string): GitService {
  const named = action === "info/refs" ? new URL(request.url).searchParams.get("service") : action;
  if (named !== "git-upload-pack" && named !== "git-receive-pack") throw new HttpError(403, "forbidden", "Only git's smart protocol is served here. Use git 1.6.6 or later.");
  if ((request.method === "GET") !== (action === "info/refs")) throw new HttpError(405, "method_not_allowed", "Git does not send this method here.");
  const wanted = `application/x-${named}-request`;
  if (request.method === "POST" && request.headers.get("content-type") !== wanted) throw new HttpError(415, "unsupported_media_type", `Send ${wanted}, as git does.`);
  return named;
}

function advertise(request: Request, repository: RepositoryRow, service: GitService, release: () => void): Response {
  const protocol = request.headers.get("git-protocol");
  const source = serveGitProcess({ dir: bareRepositoryDir(repository.id), service, protocol, signal: request.signal });
  const head = `# service=${service}\n`;
  // Protocol 2 begins with the list of abilities at once; older ones name the service first.
  const isV2 = service === "git-upload-pack" && protocol?.includes("version=2");
  const prefix = isV2 ? Buffer.alloc(0) : Buffer.from(`${(head.length + 4).toString(16).padStart(4, "0")}${head}0000`);
  return streamed(
    `application/x-${service}-advertisement`,
    guarded(source, prefix, async () => release()),
  );
}

async function answer(request: Request, ctx: Ctx, repository: RepositoryRow, service: GitService, release: () => void): Promise<Response> {
  const body = bodyOf(request, service === "git-receive-pack" ? (MAX_PUSH_MIB + 16) * 1_048_576 : MAX_FETCH_BYTES);
  const common = { dir: bareRepositoryDir(repository.id), service, protocol: request.headers.get("git-protocol"), signal: request.signal };
  const type = `application/x-${service}-result`;
  if (service === "git-upload-pack")
    return streamed(
      type,
      guarded(serveGitProcess({ ...common, body }), null, async () => release()),
    );
  const head = await readPushHead(body);
  const refusal = refusalOf(head.commands);
  if (refusal) {
    await drain(body);
    release();
    return new Response(new Uint8Array(rejection(head, refusal)), { headers: gitHeaders(type) });
  }
  await announcePush(ctx, { owner: repository.owner, name: repository.name, changes: head.commands });
  const keepHistory = head.commands.some((command) => command.ref === `refs/heads/${repository.defaultBranch}`);
  // The answer ends after the push is recorded: who sees it succeed can rely on what follows.
  const settle = async () => {
    release();
    await settlePushes(repository.id, ctx).catch((error: unknown) => log().warn({ err: error, repository: repository.id }, "a push will be recorded by the next pass"));
  };
  return streamed(type, guarded(serveGitProcess({ ...common, body: preceded(head.bytes, body), keepHistory }), null, settle));
}

async function* guarded(source: AsyncGenerator<Buffer>, prefix: Buffer | null, finish: () => Promise<void>): AsyncGenerator<Buffer> {
  try {
    if (prefix?.length) yield prefix;
    yield* source;
  } finally {
    await finish();
  }
}

function bodyOf(request: Request, maxBytes: number): AsyncGenerator<Buffer> {
  if (!request.body) throw new HttpError(400, "unreadable", "The request has no body.");
  // Somebody who stops sending, or goes away, gives the place back.
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(BODY_DEADLINE_MS)]);
  const raw = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0], { signal });
  raw.on("error", () => {});
  const encoding = request.headers.get("content-encoding");
  if (encoding && !["gzip", "x-gzip", "identity"].includes(encoding))
    throw new HttpError(415, "unsupported_media_type", `The encoding ${encoding} is not understood. Send gzip or none.`);
  const body = encoding && encoding !== "identity" ? raw.pipe(createGunzip()) : raw;
  if (body !== raw) raw.on("error", (error) => body.destroy(error));
  return limited(body, maxBytes);
}

async function* limited(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Uint8Array).length;
    if (size > maxBytes) throw new Error("more than the git server takes");
    yield Buffer.from(chunk as Uint8Array);
  }
}

async function* preceded(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

async function drain(body: AsyncGenerator<Buffer>): Promise<void> {
  for await (const _chunk of body);
}

const gitHeaders = (type: string) => ({ "content-type": type, "cache-control": "no-cache, no-store", "x-content-type-options": "nosniff" });

function streamed(type: string, source: AsyncGenerator<Buffer>): Response {
  const stream = Readable.toWeb(Readable.from(source, { objectMode: false })) as ReadableStream<Uint8Array>;
  return new Response(stream, { headers: gitHeaders(type) });
}

interface Slots {
  used: number;
  waiting: (() => void)[];
  /** Requests under way or waiting, by person. */
  byPerson: Map<string, number>;
}

const store = globalThis as typeof globalThis & { __waymarkGitSlots?: Slots };

/** Waits until fewer than eight git processes serve this process' clients, four of one person. The result frees the place, once. */
async function slot(signal: AbortSignal, { actor }: Ctx): Promise<() => void> {
  store.__waymarkGitSlots ??= { used: 0, waiting: [], byPerson: new Map() };
  const slots = store.__waymarkGitSlots;
  const leave = enter(slots, actor.type === "user" ? actor.id : actor.type);
  if (slots.used >= MAX_AT_ONCE) await new Promise<void>((resolve) => slots.waiting.push(resolve));
  else slots.used += 1;
  let isReleased = false;
  const release = () => {
    if (isReleased) return;
    isReleased = true;
    leave();
    const next = slots.waiting.shift();
    if (next) next();
    else slots.used -= 1;
  };
  if (signal.aborted) {
    release();
    throw new HttpError(499, "aborted", "The client went away.");
  }
  return release;
}

/** Counts the person in; throws when they have enough under way, or when too many people wait. */
function enter(slots: Slots, person: string): () => void {
  const count = slots.byPerson.get(person) ?? 0;
  if (count >= MAX_PER_PERSON) throw new HttpError(429, "rate_limited", `You have ${count} clones or pushes under way. Wait for one of them to end.`);
  if (slots.used >= MAX_AT_ONCE && slots.waiting.length >= 64) throw new HttpError(503, "unavailable", "The git server is busy. Try again in a minute.");
  slots.byPerson.set(person, count + 1);
  return () => {
    const left = (slots.byPerson.get(person) ?? 1) - 1;
    if (left > 0) slots.byPerson.set(person, left);
    else slots.byPerson.delete(person);
  };
}

async function plainProblem(error: unknown, requestId: string): Promise<Response> {
  const problem = problemResponse(error instanceof BadPush ? new HttpError(400, "unreadable", error.message) : error, requestId);
  const { detail } = (await problem.json()) as { detail: string };
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-request-id": requestId };
  if (problem.status === 401) headers["www-authenticate"] = 'Basic realm="Waymark", charset="UTF-8"';
  const retry = problem.headers.get("retry-after");
  if (retry) headers["retry-after"] = retry;
  return new Response(`${detail}\n`, { status: problem.status, headers });
}
