import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { env } from "./env";
import { DomainError } from "./errors";
import { isPublicAddress } from "./public-address";

// The one way to an address that a person gave. A name is resolved once, every answer must be public, and the connection goes to
// that very address, so a name that answers differently later gains nothing. Redirects are followed by hand and checked alike.

export interface SafeFetchOptions {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** For everything together: name, connection, redirects, body. 10 s by default. */
  timeoutMs?: number;
  /** 5 MB by default. */
  maxBytes?: number;
  /** How many redirects a GET or HEAD follows; 3 by default. Other methods follow none. */
  redirects?: number;
  /** Hosts (`name` or `name:port`) that may be reached although they are private or plain http; the operator's list by default. */
  privateHosts?: string[];
  /** For tests: answers instead of the resolver. */
  resolve?: (host: string) => Promise<string[]>;
}

export interface SafeResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Address that answered, after redirects. */
  url: string;
  body: Buffer;
  text(): string;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 5 * 1024 * 1024;
const REDIRECTS = 3;
const LOOK_MS = 3_000;

/**
 * One HTTP request to an address given by a person. Answers with any status.
 * Throws DomainError: invalid for an address that may not be reached, unavailable when it does not answer in time or too much.
 */
export async function safeFetch(address: string, options: SafeFetchOptions = {}): Promise<SafeResponse> {
  const late = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  const method = options.method ?? "GET";
  let url = parseAddress(address);
  let headers = { "user-agent": "waymark", "accept-encoding": "identity", ...options.headers };
  for (let left = method === "GET" || method === "HEAD" ? (options.redirects ?? REDIRECTS) : 0; ; left--) {
    const pinned = await checkedAddress(url, options, signal);
    const answer = await request(url, pinned, { ...options, method, headers, signal }, late);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
    if (!location || (method !== "GET" && method !== "HEAD")) return answer;
    if (left <= 0) throw refused(url, "it redirects too often");
    const next = parseAddress(location, url);
    // What was stored for one origin is nobody else's business.
    if (next.origin !== url.origin)
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie|x-.*(token|secret|signature).*)$/i.test(name))) as typeof headers;
    url = next;
  }
}

/** The address that the name of an address stands for, after the checks of `safeFetch`, for a program that connects by itself. Throws as that does. */
export async function pinnedAddress(address: string, options: Pick<SafeFetchOptions, "privateHosts" | "resolve" | "timeoutMs"> = {}): Promise<string> {
  return checkedAddress(parseAddress(address), options, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS));
}

/**
 * Asks before something is saved whether `safeFetch` would go to the address. Throws DomainError("invalid") beside the field `path`
 * where it would not; a name that nothing answers for today may be there tomorrow, and is looked at again when it is used.
 */
export async function requireFetchable(address: string, path: string, options: Pick<SafeFetchOptions, "privateHosts" | "resolve"> = {}): Promise<void> {
  try {
    await pinnedAddress(address, { ...options, timeoutMs: LOOK_MS });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "invalid") throw new DomainError("invalid", error.message, { fields: [{ path, message: error.message }], cause: error });
  }
}

function refused(url: URL | string, why: string): DomainError {
  const shown = typeof url === "string" ? url.slice(0, 200) : `${url.protocol}//${url.host}`;
  return new DomainError("invalid", `${shown} cannot be read: ${why}.`);
}

function parseAddress(address: string, base?: URL): URL {
  if (!URL.canParse(address, base)) throw refused(address, "it is no address. Write https://host/path");
  const url = new URL(address, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(url.protocol, "only https addresses are read");
  if (url.username || url.password) throw refused(url.host, "an address may not contain a name or password");
  return url;
}

function isListed(url: URL, hosts: string[]): boolean {
  return hosts.some((host) => host === url.hostname || host === url.host);
}

/** The address to connect to, after every check. */
async function checkedAddress(url: URL, options: SafeFetchOptions, signal: AbortSignal): Promise<string> {
  const isPrivateAllowed = isListed(url, options.privateHosts ?? env().privateHosts);
  if (url.protocol !== "https:" && !isPrivateAllowed) throw refused(url, "only https is read, unless the operator lists the host in WAYMARK_PRIVATE_HOSTS");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [host] : await resolved(url, host, options.resolve ?? systemResolver, signal);
  const [first] = addresses;
  if (!first) throw new DomainError("unavailable", `There is no host ${host}. Check the address.`);
  if (!isPrivateAllowed && !addresses.every(isPublicAddress))
    throw refused(url, "it leads to an address inside the network. An operator can list the host in WAYMARK_PRIVATE_HOSTS");
  return first;
}

async function systemResolver(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

async function resolved(url: URL, host: string, resolve: (host: string) => Promise<string[]>, signal: AbortSignal): Promise<string[]> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(late(url)), { once: true });
    if (signal.aborted) reject(late(url));
  });
  try {
    return await Promise.race([resolve(host), aborted]);
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError("unavailable", `There is no host ${host}. Check the address.`, { cause });
  }
}

const late = (url: URL) => new DomainError("unavailable", `${url.host} did not answer in time. Try again later.`);

interface Outgoing extends SafeFetchOptions {
  method: NonNullable<SafeFetchOptions["method"]>;
  headers: Record<string, string>;
  signal: AbortSignal;
}

function request(url: URL, pinned: string, options: Outgoing, deadline: AbortSignal): Promise<SafeResponse> {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const family = isIP(pinned);
  const length = options.body === undefined ? {} : { "content-length": String(Buffer.byteLength(options.body)) };
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      if (cause instanceof DomainError) return reject(cause);
      if (options.signal.aborted && !deadline.aborted) return reject(options.signal.reason);
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
      reject(deadline.aborted ? late(url) : new DomainError("unavailable", `${url.host} cannot be reached${code ? ` (${code})` : ""}.`, { cause }));
    };
    const outgoing = (url.protocol === "https:" ? https : http).request(
      url,
      {
        method: options.method,
        headers: { ...options.headers, ...length },
        signal: options.signal,
        agent: false,
        lookup: (_host, { all }, done) => (all ? done(null, [{ address: pinned, family }]) : done(null, pinned, family)),
      },
      (incoming) => collect(incoming, maxBytes, url).then((body) => resolve(answerOf(incoming, url, body)), fail),
    );
    outgoing.once("error", fail);
    outgoing.end(options.body);
  });
}

async function collect(incoming: http.IncomingMessage, maxBytes: number, url: URL): Promise<Buffer> {
  if (incoming.headers["content-encoding"] && incoming.headers["content-encoding"] !== "identity") {
    incoming.destroy();
    throw refused(url, "it answers compressed although that was not asked for");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      incoming.destroy();
      throw refused(url, `it answers with more than ${Math.round(maxBytes / 1024)} KiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerOf(incoming: http.IncomingMessage, url: URL, body: Buffer): SafeResponse {
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, url: url.href, body, text: () => body.toString("utf8") };
}
