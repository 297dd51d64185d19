import { randomBytes } from "node:crypto";
import { ROOT } from "./paths.mjs";

/** The environment of the server process: what the person set, plus what the launcher knows. */
export function portalEnv(settings, database, secrets) {
  return {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: database.databaseUrl,
    ...(database.sandboxDatabaseUrl ? { WAYMARK_SANDBOX_DATABASE_URL: database.sandboxDatabaseUrl, WAYMARK_SANDBOX_SOCKET_DIR: database.socketDir } : {}),
    WAYMARK_SECRET: process.env.WAYMARK_SECRET || secrets.secret,
    WAYMARK_APP_ROOT: ROOT,
    WAYMARK_DATA_DIR: settings.dataDir,
    WAYMARK_INSTANCE_ID: randomBytes(9).toString("base64url"),
    WAYMARK_DEMO: settings.demo ? "1" : "0",
    PORT: String(settings.port),
    WAYMARK_PROXY_PORT: String(settings.proxyPort),
    WAYMARK_URL: settings.url,
  };
}
