import { existsSync } from "node:fs";
import { readJson } from "./json-file.mjs";
import { dataFiles } from "./paths.mjs";
import { dataSecrets } from "./secrets.mjs";

/**
 * The server's own addresses and secrets, for commands on its machine; only what this data directory already has.
 * @returns {NodeJS.ProcessEnv}
 */
export function hostEnv(dataDir, env = process.env) {
  const files = dataFiles(dataDir);
  const cluster = readJson(files.cluster);
  if (!existsSync(files.secrets)) return { ...env, WAYMARK_DATA_DIR: dataDir };
  const secrets = dataSecrets(dataDir);
  const embedded = cluster?.port && !env.DATABASE_URL;
  return {
    ...env,
    WAYMARK_DATA_DIR: dataDir,
    WAYMARK_SECRET: env.WAYMARK_SECRET || secrets.secret,
    ...(embedded
      ? {
          DATABASE_URL: `postgres://waymark:${secrets.ownerPassword}@127.0.0.1:${cluster.port}/waymark`,
          WAYMARK_SANDBOX_DATABASE_URL: `postgres://waymark_sandboxes:${secrets.sandboxesPassword}@127.0.0.1:${cluster.port}/postgres`,
          WAYMARK_SANDBOX_SOCKET_DIR: cluster.socketDir,
        }
      : {}),
  };
}
