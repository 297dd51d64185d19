import path from "node:path";
import { z } from "zod";
import { DomainError } from "./errors";

const port = z.coerce.number().int().min(1).max(65535);
const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const timeZone = z.string().refine((zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}, "an IANA time zone such as Europe/Berlin");

const Variables = z.object({
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "an address that begins with postgres://")),
  PORT: optional(port),
  HOSTNAME: optional(z.string()),
  WAYMARK_URL: optional(z.url({ protocol: /^https?$/, error: "an address that begins with http:// or https://" })),
  WAYMARK_DATA_DIR: optional(z.string()),
  WAYMARK_SECRET: optional(z.string().min(16, "at least 16 characters")),
  WAYMARK_DEMO: optional(flag),
  WAYMARK_ROLE: optional(z.enum(["all", "web", "worker"])),
  WAYMARK_ADMIN_GROUP: optional(z.string()),
  WAYMARK_PROXY_PORT: optional(port),
  WAYMARK_SANDBOX_DOMAIN: optional(z.string().regex(/^[a-z0-9.-]+$/i, "a domain name")),
  WAYMARK_METRICS_TOKEN: optional(z.string().min(8, "at least 8 characters")),
  WAYMARK_PRIVATE_HOSTS: optional(z.string().regex(/^[\w.:[\],\s-]*$/, "hosts separated by commas, for example git.intern.example,127.0.0.1:8080")),
  WAYMARK_CATALOG_HOSTS: optional(z.string().regex(/^[\w.:[\],\s-]*$/, "hosts separated by commas, for example api.example.com,git.intern.example")),
  WAYMARK_TIMEZONE: optional(timeZone),
  WAYMARK_INSTANCE_ID: optional(z.string()),
  WAYMARK_APP_ROOT: optional(z.string()),
  WAYMARK_SANDBOX_DATABASE_URL: optional(z.string()),
  WAYMARK_SANDBOX_SOCKET_DIR: optional(z.string()),
  WAYMARK_FAIL_AT: optional(z.string()),
  OIDC_ISSUER: optional(z.url("an address such as https://login.example.com/realms/main")),
  OIDC_CLIENT_ID: optional(z.string()),
  OIDC_CLIENT_SECRET: optional(z.string()),
  OIDC_GROUPS_CLAIM: optional(z.string()),
  OIDC_ALLOW_HTTP: optional(flag),
  GITHUB_APP_ID: optional(z.string().regex(/^\d{1,12}$/, "the App id, a number")),
  GITHUB_APP_PRIVATE_KEY: optional(z.string().regex(/^-----BEGIN (RSA )?PRIVATE KEY-----/, "the App's private key in PEM form, line breaks real or written as \\n")),
  GITHUB_TOKEN: optional(z.string().regex(/^\S{8,}$/, "a token of at least 8 characters without spaces")),
  GITHUB_API_URL: optional(z.url({ protocol: /^https?$/, error: "an address such as https://github.example.com/api/v3" })),
  GITHUB_OWNER: optional(z.string().regex(/^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i, "the login of an organisation, such as acme")),
  GITHUB_WEBHOOK_SECRET: optional(z.string().min(8, "at least 8 characters")),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\/\S+$/, "the address of a mail server such as smtps://name:password@mail.example.com")),
  MAIL_FROM: optional(z.string().regex(/^[^\s@<>]+@[^\s@<>]+$|^[^<>\r\n]{1,100} <[^\s@<>]+@[^\s@<>]+>$/, "a sender such as waymark@example.com or Waymark <waymark@example.com>")),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url("an address such as http://collector:4318")),
  NODE_ENV: optional(z.string()),
});

export interface Env {
  databaseUrl: string | null;
  port: number;
  /** Address that the sandbox listener binds: loopback, or everything where the image sets HOSTNAME=0.0.0.0. */
  bindAddress: string;
  /** Public origin without a trailing slash. */
  url: string;
  isHttps: boolean;
  dataDir: string;
  /** Folder that holds golden-paths/, db/migrations/ and the worker sources. */
  appRoot: string;
  secret: string | null;
  demo: boolean;
  role: "all" | "web" | "worker";
  adminGroup: string | null;
  proxyPort: number;
  sandboxDomain: string;
  metricsToken: string | null;
  /** Hosts (`name` or `name:port`) that may be read from although they are private or plain http. */
  privateHosts: string[];
  /** Hosts that catalog files may name with `$text` or in a Location although they lie elsewhere. */
  catalogHosts: string[];
  timeZone: string;
  instanceId: string;
  sandboxDatabaseUrl: string | null;
  sandboxSocketDir: string | null;
  /** Fault injection for tests: `step:before` or `step:after` kills the process there. */
  failAt: string | null;
  oidc: { issuer: string; clientId: string; clientSecret: string | null; groupsClaim: string; allowHttp: boolean } | null;
  /** What the environment says of GitHub; null when it names neither an App nor a token. */
  github: { apiUrl: string; owner: string; auth: { type: "app"; appId: string; privateKey: string } | { type: "token"; token: string } } | null;
  githubWebhookSecret: string | null;
  /** The mail server that the environment names. */
  mail: { url: string; from: string } | null;
  /** A collector of one's own for the telemetry of environments. */
  otlpEndpoint: string | null;
  /** Where processes on this machine reach Waymark's own receiver. */
  receiverUrl: string;
  isProduction: boolean;
}

const SECRET_VARIABLES = new Set([
  "DATABASE_URL",
  "WAYMARK_SECRET",
  "WAYMARK_METRICS_TOKEN",
  "OIDC_CLIENT_SECRET",
  "SMTP_URL",
  "WAYMARK_SANDBOX_DATABASE_URL",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_TOKEN",
  "GITHUB_WEBHOOK_SECRET",
]);

/** Parses environment variables. Throws DomainError("invalid") with one line naming the variable, what it was and what is expected. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = Variables.safeParse(source);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    const was = SECRET_VARIABLES.has(name) ? "(hidden)" : JSON.stringify(source[name]);
    throw new DomainError("invalid", `${name} is ${was}; expected ${issue?.message}.`);
  }
  const v = parsed.data;
  const portNumber = v.PORT ?? 3000;
  const url = (v.WAYMARK_URL ?? `http://localhost:${portNumber}`).replace(/\/+$/, "");
  const oidc = parseOidc(v);
  return {
    databaseUrl: v.DATABASE_URL ?? null,
    port: portNumber,
    bindAddress: v.HOSTNAME === "0.0.0.0" ? "0.0.0.0" : "127.0.0.1",
    url,
    isHttps: url.startsWith("https://"),
    dataDir: path.resolve(/*turbopackIgnore: true*/ v.WAYMARK_DATA_DIR ?? ".waymark"),
    appRoot: path.resolve(/*turbopackIgnore: true*/ v.WAYMARK_APP_ROOT ?? "."),
    secret: v.WAYMARK_SECRET ?? null,
    demo: oidc ? false : (v.WAYMARK_DEMO ?? true),
    role: v.WAYMARK_ROLE ?? "all",
    adminGroup: v.WAYMARK_ADMIN_GROUP ?? null,
    proxyPort: v.WAYMARK_PROXY_PORT ?? portNumber + 1,
    sandboxDomain: v.WAYMARK_SANDBOX_DOMAIN ?? "localhost",
    metricsToken: v.WAYMARK_METRICS_TOKEN ?? null,
    privateHosts: hosts(v.WAYMARK_PRIVATE_HOSTS),
    catalogHosts: hosts(v.WAYMARK_CATALOG_HOSTS),
    timeZone: v.WAYMARK_TIMEZONE ?? "UTC",
    instanceId: v.WAYMARK_INSTANCE_ID ?? `pid-${process.pid}`,
    sandboxDatabaseUrl: v.WAYMARK_SANDBOX_DATABASE_URL ?? null,
    sandboxSocketDir: v.WAYMARK_SANDBOX_SOCKET_DIR ?? null,
    failAt: v.WAYMARK_FAIL_AT ?? null,
    oidc,
    github: parseGithub(v),
    githubWebhookSecret: v.GITHUB_WEBHOOK_SECRET ?? null,
    mail: v.SMTP_URL ? { url: v.SMTP_URL, from: v.MAIL_FROM ?? `waymark@${new URL(url).hostname}` } : null,
    otlpEndpoint: v.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    // The same process serves it; a worker alone reaches it as everybody does.
    receiverUrl: (v.WAYMARK_ROLE ?? "all") === "worker" ? `${url}/otlp` : `http://127.0.0.1:${portNumber}/otlp`,
    isProduction: v.NODE_ENV === "production",
  };
}

const hosts = (text = "") => text.split(",").flatMap((host) => host.trim().toLowerCase() || []);

function parseOidc(v: z.infer<typeof Variables>): Env["oidc"] {
  if (!v.OIDC_ISSUER) return null;
  if (!v.OIDC_CLIENT_ID) throw new DomainError("invalid", "OIDC_CLIENT_ID is not set; expected the client id that the provider at OIDC_ISSUER gave Waymark.");
  const allowHttp = v.OIDC_ALLOW_HTTP ?? false;
  const issuer = new URL(v.OIDC_ISSUER);
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(issuer.hostname);
  if (issuer.protocol !== "https:" && !(allowHttp && loopback)) {
    throw new DomainError("invalid", `OIDC_ISSUER is "${v.OIDC_ISSUER}"; expected an https:// address (OIDC_ALLOW_HTTP=1 permits http on loopback for development).`);
  }
  return {
    issuer: v.OIDC_ISSUER,
    clientId: v.OIDC_CLIENT_ID,
    clientSecret: v.OIDC_CLIENT_SECRET ?? null,
    groupsClaim: v.OIDC_GROUPS_CLAIM ?? "groups",
    allowHttp,
  };
}

function parseGithub(v: z.infer<typeof Variables>): Env["github"] {
  const { GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: key, GITHUB_TOKEN: token } = v;
  if (appId && token) throw new DomainError("invalid", "GITHUB_TOKEN is set beside GITHUB_APP_ID; expected one of the two.");
  if (appId && !key) throw new DomainError("invalid", `GITHUB_APP_PRIVATE_KEY is not set; expected the private key of the App ${appId}.`);
  if (key && !appId) throw new DomainError("invalid", "GITHUB_APP_ID is not set; expected the id of the App that GITHUB_APP_PRIVATE_KEY belongs to.");
  if (!appId && !token) return null;
  if (!v.GITHUB_OWNER) throw new DomainError("invalid", "GITHUB_OWNER is not set; expected the organisation that repositories are made for.");
  const apiUrl = (v.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, "");
  const { protocol, hostname } = new URL(apiUrl);
  if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    throw new DomainError("invalid", `GITHUB_API_URL is "${v.GITHUB_API_URL}"; expected an https:// address (http only on this machine).`);
  }
  const auth = token ? { type: "token" as const, token } : { type: "app" as const, appId: appId ?? "", privateKey: (key ?? "").replaceAll("\\n", "\n") };
  return { apiUrl, owner: v.GITHUB_OWNER, auth };
}

const store = globalThis as typeof globalThis & { __waymarkEnv?: Env };

/** The parsed environment, read once per process. Throws DomainError("invalid") for a wrong value. */
export function env(): Env {
  if (!store.__waymarkEnv) {
    store.__waymarkEnv = parseEnv(process.env);
    // The sign-in library reads its own address from there and nowhere else.
    process.env.NEXTAUTH_URL = store.__waymarkEnv.url;
  }
  return store.__waymarkEnv;
}

const OWN_VARIABLES =
  /^(WAYMARK|OIDC|GITHUB|SMTP|MAIL|OTEL|NEXTAUTH|NEXT)_|^(DATABASE_URL|PORT|NODE_ENV|NODE_OPTIONS|INIT_CWD)$|^npm_(package|lifecycle|config_local_prefix|config_omit|config_include)/;

/** The environment for a tool of the machine such as npm: everything of this process but Waymark's own settings and secrets. */
export function toolEnvironment(source: Record<string, string | undefined> = process.env): Record<string, string> {
  return Object.fromEntries(Object.entries(source).flatMap(([name, value]) => (value === undefined || OWN_VARIABLES.test(name) ? [] : [[name, value]])));
}
