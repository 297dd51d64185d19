import { env } from "@/lib/core/env";
import { ROUTE_FRESH_MS } from "../../limits";

export interface LocalSettings {
  dataDir: string;
  /** Folder with the scripts that run beside sandboxes. */
  appRoot: string;
  /** A role that may create roles and databases; null when there is no server. */
  adminUrl: string | null;
  /** Folder with the Postgres socket, named after the port of `adminUrl`; null when the server is reached by TCP only. */
  socketDir: string | null;
  domain: string;
  proxyPort: number;
  /** A collector that is to have the telemetry of environments; null = Waymark itself. */
  otlpEndpoint: string | null;
  /** Waymark's own receiver. */
  receiverUrl: string;
  readyTimeoutMs: number;
  /** How long a process may take to end by itself before it is killed. */
  stopGraceMs: number;
  /** After a switch, how long a proxy may still follow the old route. */
  routeMs: number;
  /** How long requests, streams and WebSockets of an old version may go on before it is asked to end. */
  drainMs: number;
  /** The strongest level to use; tests try the weaker ones. */
  strongest: "bubblewrap" | "own-user" | "process";
}

/** The driver's settings from the environment of this process. */
export function localSettings(): LocalSettings {
  const { dataDir, appRoot, databaseUrl, sandboxDatabaseUrl, sandboxSocketDir, sandboxDomain, proxyPort, otlpEndpoint, receiverUrl } = env();
  return {
    dataDir,
    appRoot,
    adminUrl: sandboxDatabaseUrl ?? databaseUrl,
    socketDir: sandboxSocketDir,
    domain: sandboxDomain,
    proxyPort,
    otlpEndpoint,
    receiverUrl,
    readyTimeoutMs: 60_000,
    stopGraceMs: 5_000,
    routeMs: ROUTE_FRESH_MS + 250,
    drainMs: 10_000,
    strongest: "bubblewrap",
  };
}
