const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]);
const FORWARDED = new Set(["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]);
/** Cookies of the portal and of its sign-in library, which a browser may send along. */
const PORTAL_COOKIE = /^(__Host-|__Secure-)?(waymark_|next-auth)/i;
const OWN_TOKEN = /^wmk_/;

type Pairs = [name: string, value: string][];

export interface Connection {
  remoteAddress: string;
  host: string;
  /** Of the address that people use; an earlier proxy's word counts more. */
  protocol: string;
}

function pairs(raw: string[]): Pairs {
  const found: Pairs = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] ?? "", raw[i + 1] ?? ""]);
  return found;
}

function withoutHops(all: Pairs): Pairs {
  const named = all.filter(([name]) => name.toLowerCase() === "connection").flatMap(([, value]) => value.split(",").map((token) => token.trim().toLowerCase()));
  return all.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.includes(name.toLowerCase()));
}

/** The value of a Cookie header without the portal's cookies; null when nothing is left. */
export function sandboxCookies(value: string): string | null {
  const kept = value.split(";").filter((pair) => pair.trim() && !PORTAL_COOKIE.test(pair.trim()));
  return kept.length > 0 ? kept.join(";").trim() : null;
}

/** True if an Authorization header carries one of our own tokens: as bearer, or as the password of Basic. */
export function isOwnToken(value: string): boolean {
  const [scheme = "", credentials = ""] = value.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() !== "basic") return OWN_TOKEN.test(credentials) || OWN_TOKEN.test(scheme);
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  return OWN_TOKEN.test(decoded) || OWN_TOKEN.test(decoded.slice(decoded.indexOf(":") + 1));
}

function stripSecrets([name, value]: Pairs[number]): Pairs {
  const lower = name.toLowerCase();
  if (lower === "cookie") {
    const kept = sandboxCookies(value);
    return kept === null ? [] : [[name, kept]];
  }
  return lower === "authorization" && isOwnToken(value) ? [] : [[name, value]];
}

function forwarded(all: Pairs, { remoteAddress, host, protocol }: Connection): Pairs {
  const earlier = (wanted: string) => all.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const before = earlier("x-forwarded-for");
  return [
    ["X-Forwarded-For", before ? `${before}, ${remoteAddress}` : remoteAddress],
    ["X-Forwarded-Host", earlier("x-forwarded-host") ?? host],
    ["X-Forwarded-Proto", earlier("x-forwarded-proto") ?? protocol],
  ];
}

/** Headers for the process, as name and value in turn: nothing of the connection to us, none of the portal's secrets. */
export function requestHeaders(raw: string[], connection: Connection): string[] {
  const all = pairs(raw);
  const kept = withoutHops(all)
    .filter(([name]) => !FORWARDED.has(name.toLowerCase()))
    .flatMap(stripSecrets);
  return [...kept, ...forwarded(all, connection)].flat();
}

/** A cookie for this sandbox alone: without Domain it cannot reach the portal or another sandbox; null for one in the portal's name. */
export function ownCookie(value: string): string | null {
  if (PORTAL_COOKIE.test(value.trim())) return null;
  return value
    .split(";")
    .filter((part, i) => i === 0 || !/^\s*domain\s*=/i.test(part))
    .join(";");
}

/** Headers of the process's answer for the browser. */
export function responseHeaders(raw: string[]): string[] {
  return withoutHops(pairs(raw))
    .flatMap(([name, value]): Pairs => {
      if (name.toLowerCase() !== "set-cookie") return [[name, value]];
      const cookie = ownCookie(value);
      return cookie === null ? [] : [[name, cookie]];
    })
    .flat();
}
