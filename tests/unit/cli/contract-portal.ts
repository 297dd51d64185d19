import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { LogLine, Run } from "@/lib/runs/contract";
import { sendEvents } from "./portal-events";
import { GOOD_COURSE, sampleEnvironment } from "./sample-objects";

// A portal that speaks the outside contract over real HTTP, with the faults a network and a restart bring.

export const TOKEN = `wmk_pat_${"a".repeat(36)}`;

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

export interface Fault {
  /** For example `POST /api/v1/environments`; counts once. */
  on: string;
  /** `drop` before anything happened, `lose-answer` after it did, `cut-answer` in the middle of the body, or another answer. */
  kind: "drop" | "lose-answer" | "cut-answer" | Answer;
}

export interface ContractPortal {
  url: string;
  seen: Seen[];
  faults: Fault[];
  /** What happens in the run, one thing per `paceMs`; it begins when the run is first asked for. */
  course: (Run | LogLine)[];
  paceMs: number;
  /** How far the run is; set it to hold or hurry the run. */
  at: number;
  /** How streams behave: whole, cut after so many things each, not offered, or open and silent. */
  streams: { cutAfter?: number; mode?: "refused" | "silent" };
  /** Answers of paths that this portal does not know by itself, `METHOD /path` without query. */
  answers: Record<string, Answer>;
  /** Environments really made: once per Idempotency-Key. */
  made: number;
  close(): Promise<void>;
  /** Comes back at the same address. */
  reopen(): Promise<void>;
}

export const problem = (status: number, code: string, detail: string, errors?: { path: string; message: string }[], headers: Record<string, string> = {}): Answer => ({
  status,
  body: { type: "about:blank", title: code, status, code, detail, ...(errors ? { errors } : {}), requestId: "req_1" },
  headers: { "content-type": "application/problem+json", ...headers },
});

const isRun = (one: Run | LogLine): one is Run => "steps" in one;

/** The run as it is now. */
export function runNow(portal: ContractPortal): Run {
  const happened = portal.course.slice(0, portal.at + 1).filter(isRun);
  const run = happened.at(-1) ?? portal.course.find(isRun);
  if (!run) throw new Error("a course needs a run");
  return { ...run, logLines: linesSoFar(portal).length };
}

export const linesSoFar = (portal: ContractPortal): LogLine[] => portal.course.slice(0, portal.at + 1).filter((one): one is LogLine => !isRun(one));

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : null;
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers }).end(text);
}

/** Starts a portal on a free port of this machine. */
export async function contractPortal(): Promise<ContractPortal> {
  const sockets = new Set<Socket>();
  const known = new Map<string, Answer>();
  let server: Server;
  let port = 0;
  let clock: NodeJS.Timeout | null = null;
  const portal: ContractPortal = {
    url: "",
    seen: [],
    faults: [],
    course: GOOD_COURSE,
    paceMs: 30,
    at: 0,
    streams: {},
    answers: {},
    made: 0,
    async close() {
      if (clock) clearInterval(clock);
      clock = null;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    reopen: () => listen(),
  };
  const tick = () => {
    clock ??= setInterval(() => {
      portal.at = Math.min(portal.at + 1, portal.course.length - 1);
    }, portal.paceMs);
  };

  function answerTo(method: string, path: string, url: URL, seen: Seen): Answer {
    const own = portal.answers[`${method} ${path}`];
    if (own) return own;
    if (path === "/api/health/live") return { status: 200, body: { status: "live", instance: "test" } };
    if (seen.headers.authorization !== `Bearer ${TOKEN}`) return problem(401, "unauthenticated", "The token is unknown, expired or revoked.");
    if (`${method} ${path}` === "POST /api/v1/environments") return accept(seen);
    if (`${method} ${path}` === "GET /api/v1/environments") return { status: 200, body: { items: [sampleEnvironment()], nextCursor: null, total: 1 } };
    if (`${method} ${path}` === "GET /api/v1/environments/env_0001") return { status: 200, body: sampleEnvironment() };
    if (method === "GET" && path === "/api/v1/runs/run_0001") return { status: 200, body: runNow(portal) };
    if (method === "GET" && path === "/api/v1/runs/run_0001/logs") {
      const after = Number(url.searchParams.get("after") ?? 0);
      return { status: 200, body: { items: linesSoFar(portal).filter((one) => one.seq > after), nextAfter: null } };
    }
    return problem(404, "not_found", "There is no such thing.");
  }

  function accept(seen: Seen): Answer {
    portal.made += 1;
    const { name = "basket" } = seen.body as { name?: string };
    return { status: 202, body: { environment: sampleEnvironment({ name, status: "queued", url: null }), run: runNow(portal) } };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", portal.url);
    const path = url.pathname;
    const seen: Seen = { method, path: path + url.search, headers: request.headers, body: await bodyOf(request) };
    portal.seen.push(seen);
    const index = portal.faults.findIndex(({ on }) => on === `${method} ${path}`);
    const fault = index >= 0 ? portal.faults.splice(index, 1)[0]?.kind : undefined;
    if (fault === "drop") return void request.socket.destroy();
    if (typeof fault === "object") return send(response, fault);
    if (path.startsWith("/api/v1/runs/")) tick();
    if (path.endsWith("/events") && !portal.answers[`${method} ${path}`]) return sendEvents(portal, request, response);
    const key = method === "POST" ? String(request.headers["idempotency-key"] ?? "") : "";
    const answer = known.get(key) ?? answerTo(method, path, url, seen);
    if (key) known.set(key, answer);
    if (fault === "lose-answer") return void request.socket.destroy();
    if (fault === "cut-answer") {
      response.writeHead(answer.status, { "content-type": "application/json", "content-length": 100_000 });
      return void response.write("{", () => request.socket.destroy());
    }
    send(response, answer);
  }

  async function listen(): Promise<void> {
    server = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
    });
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
    portal.url = `http://127.0.0.1:${port}`;
  }
  await listen();
  return portal;
}
