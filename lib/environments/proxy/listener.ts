import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { DomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { ROUTE_FRESH_MS } from "../limits";
import { ForwardFailure, forward, forwardUpgrade, KeptConnections, type Route } from "./forward";
import { nameInHost, ShortMemory } from "./names";
import { notAnswering, type ProxyPage, pageForState, type ResolvedName, renderPage, unknownHost, unknownName, unknownState } from "./pages";
import { type MinuteCounts, TrafficCounter } from "./traffic";

export interface SandboxProxyOptions {
  /** Address to listen on; loopback unless said otherwise. */
  host?: string;
  /** 0 = any free one. */
  port: number;
  domain: string;
  portalUrl: string;
  /** What the table says about a name; asked at most once a second per name that is ready. */
  resolve(name: string): Promise<ResolvedName | null>;
  /** Stores traffic figures; what fails is offered again. */
  flush(counts: MinuteCounts[]): Promise<void>;
}

export interface SandboxProxy {
  port: number;
  /** To be told when another version serves a name. */
  routeChanged(name: string): void;
  /** Lets running requests finish for a few seconds, then closes everything and stores the last figures. */
  stop(): Promise<void>;
}

/** How old an answer of the table may be for a sandbox that somebody may be waiting for. */
const CHANGING_MS = 10;
const FLUSH_MS = 3_000;
const DRAIN_MS = 3_000;
const SERVER_LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 15_000, requestTimeout: 10 * 60_000, keepAliveTimeout: 65_000 };

type Target = { route: Route; name: string; environmentId: string };

class Listener {
  private readonly kept = new KeptConnections();
  /** The socket that each name led to last. */
  private readonly sockets = new Map<string, string>();
  private readonly traffic = new TrafficCounter();
  private readonly names: ShortMemory<ResolvedName | null>;
  private readonly upgraded = new Set<Socket>();
  private readonly server = createServer(SERVER_LIMITS);
  private readonly protocol: string;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: SandboxProxyOptions) {
    this.names = new ShortMemory(
      (name) => options.resolve(name),
      (found) => (found?.status === "ready" ? ROUTE_FRESH_MS : CHANGING_MS),
    );
    this.protocol = new URL(options.portalUrl).protocol.replace(":", "");
    this.server.on("request", (req, res) => void this.onRequest(req, res));
    this.server.on("upgrade", (req, socket: Socket, head) => void this.onUpgrade(req, socket, head));
    this.server.on("clientError", (error, socket) => {
      if (socket.writable)
        socket.end(`HTTP/1.1 ${"code" in error && error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request"}\r\nConnection: close\r\n\r\n`);
    });
  }

  /** The process to ask, or what to say instead. */
  private async target(req: IncomingMessage, newerThan: number | null = null): Promise<Target | ProxyPage> {
    const { domain, portalUrl } = this.options;
    const name = nameInHost(req.headers.host, domain);
    if (name === null) return unknownHost(portalUrl, domain);
    let found: ResolvedName | null;
    try {
      found = await (newerThan === null ? this.names.get(name) : this.names.newerThan(newerThan, name));
    } catch (error) {
      log().warn({ err: error }, "a sandbox's name could not be looked up");
      return unknownState(portalUrl);
    }
    if (!found) return unknownName(portalUrl, name);
    const page = pageForState(portalUrl, name, found);
    if (page) return page;
    const socketPath = found.handle?.socketPath;
    if (typeof socketPath !== "string") return notAnswering(portalUrl, name, found.environmentId);
    this.follow(name, socketPath);
    return { name, environmentId: found.environmentId, route: { socketPath, host: req.headers.host ?? "", protocol: this.protocol, agent: this.kept.to(socketPath) } };
  }

  /** Gives up connections to a version that no request goes to any more, so that it can be seen to be unused. */
  private follow(name: string, socketPath: string): void {
    const before = this.sockets.get(name);
    if (before === socketPath) return;
    this.sockets.set(name, socketPath);
    if (before !== undefined) this.kept.giveUp(before);
  }

  /** Another version serves the name: what was known is asked again, idle connections are closed. */
  routeChanged(name: string): void {
    this.names.forget(name);
    const before = this.sockets.get(name);
    if (before === undefined) return;
    this.sockets.delete(name);
    this.kept.giveUp(before);
  }

  private recorder(environmentId: string): (status: number) => void {
    const begun = performance.now();
    return (status) => this.traffic.record(environmentId, { status, durationMs: performance.now() - begun, atMs: performance.timeOrigin + performance.now() });
  }

  private async onRequest(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const target = await this.target(req);
    if ("status" in target) return say(res, target, req);
    const answered = this.recorder(target.environmentId);
    try {
      await this.tryTwice(req, res, target, answered);
    } catch (error) {
      if (!(error instanceof ForwardFailure)) throw error;
      if (res.destroyed) return;
      answered(502);
      say(res, notAnswering(this.options.portalUrl, target.name, target.environmentId), req);
    }
  }

  /** The process may just have been replaced: a request that can be repeated goes to where the table says now. */
  private async tryTwice(req: IncomingMessage, res: ServerResponse, first: Target, answered: (status: number) => void): Promise<void> {
    try {
      await forward(req, res, first.route, answered);
    } catch (error) {
      if (!(error instanceof ForwardFailure) || !error.isRepeatable || res.destroyed) throw error;
      const again = await this.target(req, performance.now());
      if ("status" in again) throw error;
      // Other kept connections to the old process are as dead as the first.
      await forward(req, res, { ...again.route, agent: null }, answered);
    }
  }

  private async onUpgrade(req: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    this.upgraded.add(socket);
    socket.once("close", () => this.upgraded.delete(socket));
    const target = await this.target(req);
    if ("status" in target) return sayRaw(socket, target, req);
    const answered = this.recorder(target.environmentId);
    try {
      await forwardUpgrade(req, socket, head, target.route, answered);
    } catch (error) {
      if (!(error instanceof ForwardFailure)) throw error;
      answered(502);
      sayRaw(socket, notAnswering(this.options.portalUrl, target.name, target.environmentId), req);
    }
  }

  async start(): Promise<number> {
    const { host = "127.0.0.1", port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => {
        const message = `The sandbox proxy cannot listen on port ${port} (${error.code}). Set WAYMARK_PROXY_PORT to a free port and start again.`;
        reject(new DomainError("unavailable", message, { cause: error }));
      });
      this.server.listen(port, host, resolve);
    });
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
    return (this.server.address() as AddressInfo).port;
  }

  private async flush(): Promise<void> {
    const counts = this.traffic.drain();
    if (counts.length === 0) return;
    try {
      await this.options.flush(counts);
    } catch (error) {
      this.traffic.restore(counts);
      log().warn({ err: error }, "traffic figures could not be stored and are offered again");
    }
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    for (const socket of this.upgraded) socket.destroy();
    const cut = setTimeout(() => this.server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(cut);
    this.kept.destroy();
    await this.flush();
  }
}

function say(res: ServerResponse, page: ProxyPage, req: IncomingMessage): void {
  const { headers, body } = renderPage(page, req.headers.accept);
  // What is left of the request's body is not read.
  res.writeHead(page.status, { ...headers, "Content-Length": Buffer.byteLength(body), ...(req.complete ? {} : { Connection: "close" }) });
  res.end(req.method === "HEAD" ? undefined : body);
}

function sayRaw(socket: Socket, page: ProxyPage, req: IncomingMessage): void {
  const { headers, body } = renderPage(page, req.headers.accept);
  const lines = Object.entries({ ...headers, "Content-Length": String(Buffer.byteLength(body)), Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${page.status} ${STATUS_CODES[page.status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Starts the listener at which sandboxes answer by name. Throws DomainError("unavailable") when the port is taken. */
export async function startSandboxProxy(options: SandboxProxyOptions): Promise<SandboxProxy> {
  const listener = new Listener(options);
  const port = await listener.start();
  return { port, routeChanged: (name) => listener.routeChanged(name), stop: () => listener.stop() };
}
