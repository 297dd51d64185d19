// What can be said about the environment before anything is installed. The server checks all of it again (lib/core/env.ts);
// a test holds both to the same answers.

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function isUrl(text, protocols) {
  try {
    return protocols.includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function isTimeZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

const port = { ok: (text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535, expected: "a port between 1 and 65535" };
const flag = { ok: (text) => text === "0" || text === "1", expected: "0 or 1" };
const webAddress = { ok: (text) => isUrl(text, ["http:", "https:"]), expected: "an address that begins with http:// or https://" };

const VARIABLES = {
  DATABASE_URL: { ok: (text) => isUrl(text, ["postgres:", "postgresql:"]), expected: "an address such as postgres://user:password@host:5432/database", hidden: true },
  PORT: port,
  WAYMARK_PROXY_PORT: port,
  WAYMARK_URL: webAddress,
  WAYMARK_SECRET: { ok: (text) => text.length >= 16, expected: "at least 16 characters", hidden: true },
  WAYMARK_DEMO: flag,
  WAYMARK_ROLE: { ok: (text) => ["all", "web", "worker"].includes(text), expected: "all, web or worker" },
  WAYMARK_SANDBOX_DOMAIN: { ok: (text) => /^[a-z0-9.-]+$/i.test(text), expected: "a domain name" },
  WAYMARK_METRICS_TOKEN: { ok: (text) => text.length >= 8, expected: "at least 8 characters", hidden: true },
  WAYMARK_PRIVATE_HOSTS: { ok: (text) => /^[\w.:[\],\s-]*$/.test(text), expected: "hosts separated by commas, for example git.intern.example,127.0.0.1:8080" },
  WAYMARK_CATALOG_HOSTS: { ok: (text) => /^[\w.:[\],\s-]*$/.test(text), expected: "hosts separated by commas, for example api.example.com,git.intern.example" },
  WAYMARK_TIMEZONE: { ok: isTimeZone, expected: "an IANA time zone such as Europe/Berlin" },
  OIDC_ISSUER: webAddress,
  OIDC_ALLOW_HTTP: flag,
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress,
};

function checkIssuer(env) {
  if (!env.OIDC_ISSUER) return null;
  if (!env.OIDC_CLIENT_ID) return "OIDC_CLIENT_ID is not set; expected the client id that the provider at OIDC_ISSUER gave Waymark.";
  const { protocol, hostname } = new URL(env.OIDC_ISSUER);
  if (protocol === "https:" || (env.OIDC_ALLOW_HTTP === "1" && LOOPBACK.includes(hostname))) return null;
  return `OIDC_ISSUER is "${env.OIDC_ISSUER}"; expected an https:// address (OIDC_ALLOW_HTTP=1 permits http on loopback for development).`;
}

/** The first wrong variable in one line: its name, what it was and what is expected. Null when all are fine; an empty one counts as not set. */
export function checkVariables(env) {
  for (const [name, { ok, expected, hidden }] of Object.entries(VARIABLES)) {
    const text = env[name];
    if (text && !ok(text)) return `${name} is ${hidden ? "(hidden)" : JSON.stringify(text)}; expected ${expected}.`;
  }
  return checkIssuer(env);
}
