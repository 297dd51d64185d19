import path from "node:path";
import type { LocalSettings } from "./settings";

export type Security = "plain" | "require" | "verify";

/** How the database server is reached from this machine. */
export interface DatabaseRoute {
  host: string;
  port: number;
  /** Folder with the server's socket `.s.PGSQL.<port>`; null when there is only TCP. */
  socketDir: string | null;
  security: Security;
}

const DEFAULT_PORT = 5432;

function securityOf(mode: string | null): Security {
  if (mode === "verify-ca" || mode === "verify-full") return "verify";
  return mode === "require" || mode === "prefer" || mode === "true" ? "require" : "plain";
}

/** The way to the server of an admin address; null without one. */
export function databaseRoute({ adminUrl, socketDir }: Pick<LocalSettings, "adminUrl" | "socketDir">): DatabaseRoute | null {
  if (adminUrl === null) return null;
  const url = new URL(adminUrl);
  const asked = url.searchParams.get("host");
  return {
    host: url.hostname || "localhost",
    port: Number(url.port || DEFAULT_PORT),
    socketDir: socketDir ?? (asked?.startsWith("/") ? asked : null),
    security: securityOf(url.searchParams.get("sslmode") ?? url.searchParams.get("ssl")),
  };
}

/** The file of the server's socket in a folder. */
export const postgresSocket = (folder: string, port: number) => path.join(folder, `.s.PGSQL.${port}`);

/**
 * DATABASE_URL for the environment's process. `socketDir` is the folder as the process sees it; null = by TCP.
 * The host name stays `localhost`, as some clients insist on one beside the folder.
 */
export function databaseUrl(route: DatabaseRoute, name: string, password: string, socketDir: string | null): string {
  const url = new URL(`postgres://localhost/${name}`);
  url.username = name;
  url.password = encodeURIComponent(password);
  url.port = String(route.port);
  if (socketDir !== null) return `${url.href}?host=${encodeURIComponent(socketDir).replaceAll("%2F", "/")}`;
  url.hostname = route.host;
  if (route.security !== "plain") url.searchParams.set("sslmode", route.security === "verify" ? "verify-full" : "require");
  return url.href;
}

/** The same for a person or tool on this machine. */
export const hostDatabaseUrl = (route: DatabaseRoute, name: string, password: string) => databaseUrl(route, name, password, null);

/** The password in an address that `databaseUrl` made. */
export const passwordIn = (url: string) => decodeURIComponent(new URL(url).password);
