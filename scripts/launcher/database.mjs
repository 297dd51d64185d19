import { startCluster } from "../postgres/cluster.mjs";
import { ensureRoles } from "../postgres/roles.mjs";

/** Begins starting the embedded Postgres, unless the person brings a server; `finish` makes the roles once dependencies are there. */
export function beginDatabase(settings, secrets) {
  if (settings.databaseUrl) return { finish: async () => ({ databaseUrl: settings.databaseUrl, said: "Using the database of DATABASE_URL" }) };
  const starting = startCluster(settings.dataDir);
  // Its failure is told by `finish`.
  starting.catch(() => {});
  return {
    finish: async () => {
      const cluster = await starting;
      const addresses = await ensureRoles(cluster, secrets);
      return { ...addresses, socketDir: cluster.socketDir, said: `Embedded PostgreSQL ${cluster.started ? "is up" : "was still running"}` };
    },
  };
}
