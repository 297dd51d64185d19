import { Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { requestHeaders, responseHeaders } from "./headers";

const ANSWER_MS = 60_000;
const ANSWER_HEADER_BYTES = 64 * 1024;
const IDLE_CONNECTIONS = 32;

/** Connections to processes that are kept for the next request, apart for each socket so that those of one can be given up. */
export class KeptConnections {
  private readonly agents = new Map<string, Agent>();

  to(socketPath: string): Agent {
    const known = this.agents.get(socketPath);
    if (known) return known;
    const agent = new Agent({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS });
    this.agents.set(socketPath, agent);
    return agent;
  }

  /** Closes the idle ones now and each busy one after its request. */
  giveUp(socketPath: string): void {
    const agent = this.agents.get(socketPath);
    if (!agent) return;
    this.agents.delete(socketPath);
    agent.maxFreeSockets = 0;
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  }

  destroy(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }
}

export interface Route {
  socketPath: string;
  host: string;
  protocol: string;
  /** Null: a new connection. */
  agent: Agent | null;
}

const hasBody = (req: IncomingMessage) => req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;

/** A target such as `http://other/path` counts as its path: who is asked was decided by the Host header. */
function pathOf(url: string | undefined): string {
  const target = url ?? "/";
  if (target.startsWith("/") || target === "*") return target;
  return URL.canParse(target) ? new URL(target).pathname + new URL(target).search : "/";
}

function ask(req: IncomingMessage, { socketPath, host, protocol, agent }: Route, upgrade: string[] = []): ClientRequest {
  // The body is framed anew, and for every method: Node by itself would send the body of a GET without any frame.
  const framing = req.headers["transfer-encoding"] === undefined ? [] : ["Transfer-Encoding", "chunked"];
  const headers = [...requestHeaders(req.rawHeaders, { remoteAddress: req.socket.remoteAddress ?? "unknown", host, protocol }), ...framing, ...upgrade];
  // A kept connection may close under a request; only one without a body can be sent again, so only those use them.
  const kept = !hasBody(req) && upgrade.length === 0;
  return request({
    socketPath,
    method: req.method ?? "GET",
    path: pathOf(req.url),
    headers,
    agent: kept && agent ? agent : false,
    setHost: false,
    maxHeaderSize: ANSWER_HEADER_BYTES,
  });
}

/**
 * Sends a request to a process and its answer back. `answered` hears the status as soon as the headers are there.
 * Rejects only when nothing was answered yet, so that the caller can still say something or try elsewhere.
 */
export function forward(req: IncomingMessage, res: ServerResponse, route: Route, answered: (status: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = ask(req, route);
    const late = setTimeout(() => asked.destroy(new Error("no answer in time")), ANSWER_MS);
    const leave = () => asked.destroy();
    res.once("close", leave);
    asked.once("response", (answer) => {
      clearTimeout(late);
      answered(answer.statusCode ?? 502);
      res.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer.rawHeaders));
      res.flushHeaders();
      // A cut answer cuts the connection to the client too: it must not look complete.
      pipeline(answer, res, () => resolve());
    });
    asked.once("error", (error) => {
      clearTimeout(late);
      res.off("close", leave);
      if (res.headersSent) resolve();
      else reject(new ForwardFailure(error, canRepeat(req, asked, error)));
    });
    if (!hasBody(req)) asked.end();
    else {
      asked.flushHeaders();
      req.pipe(asked);
    }
  });
}

/** Nothing was answered. `isRepeatable`: the request can be sent again without doing anything twice. */
export class ForwardFailure extends Error {
  constructor(
    cause: Error,
    readonly isRepeatable: boolean,
  ) {
    super(cause.message, { cause });
    this.name = "ForwardFailure";
  }
}

function canRepeat(req: IncomingMessage, asked: ClientRequest, error: NodeJS.ErrnoException): boolean {
  if (hasBody(req)) return false;
  if (error.syscall === "connect") return true;
  const isSafe = req.method === "GET" || req.method === "HEAD" || req.method === "OPTIONS";
  return isSafe && asked.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function upgradeHeaders(req: IncomingMessage): string[] {
  return ["Connection", "Upgrade", "Upgrade", req.headers.upgrade ?? "websocket"];
}

function head(answer: IncomingMessage, extra: string[] = []): string {
  const raw = [...responseHeaders(answer.rawHeaders), ...extra];
  const lines = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Carries an upgraded connection (WebSocket) both ways. Rejects when the process cannot be reached. */
export function forwardUpgrade(req: IncomingMessage, client: Socket, firstBytes: Buffer, route: Route, answered: (status: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = ask(req, route, upgradeHeaders(req));
    const late = setTimeout(() => asked.destroy(new Error("no answer in time")), ANSWER_MS);
    client.once("close", () => asked.destroy());
    asked.once("upgrade", (answer, upstream, upstreamBytes) => {
      clearTimeout(late);
      answered(101);
      client.write(head(answer, ["Connection", "Upgrade", "Upgrade", answer.headers.upgrade ?? "websocket"]));
      client.write(upstreamBytes);
      upstream.write(firstBytes);
      client.setTimeout(0);
      pipeline(client, upstream, client, () => resolve());
    });
    asked.once("response", (answer) => {
      clearTimeout(late);
      answered(answer.statusCode ?? 502);
      client.write(head(answer, ["Connection", "close"]));
      pipeline(answer, client, () => resolve());
    });
    asked.once("error", (error) => {
      clearTimeout(late);
      reject(new ForwardFailure(error, false));
    });
    asked.end();
  });
}
