import type { DatabaseControl, DatabaseOf } from "../driver";
import { noServer } from "./database-failures";
import type { Local } from "./local";
import { databaseNamed } from "./place";
import { databaseRoute, hostDatabaseUrl } from "./route";

/** Databases of environments that are there already, for what people do with them later. */
export function databaseControl(open: () => Promise<Local>): DatabaseControl {
  const found = async ({ environmentId, name }: DatabaseOf) => {
    const local = await open();
    return { local, database: databaseNamed(local.place(environmentId), name) };
  };
  const addressOf = (local: Local, database: string, password: string) => {
    const route = databaseRoute(local.settings);
    if (!route) throw noServer();
    return hostDatabaseUrl(route, database, password);
  };
  return {
    async ensure(of, password, signal) {
      const { local, database } = await found(of);
      const url = addressOf(local, database, password);
      await local.databases.ensure(database, password, signal);
      return { url };
    },
    async setPassword(of, password) {
      const { local, database } = await found(of);
      const url = addressOf(local, database, password);
      return { url, changedAt: await local.databases.setPassword(database, password) };
    },
    async accepts(of, password) {
      const { local, database } = await found(of);
      return local.databases.accepts(database, password);
    },
    async endSessions(of, before) {
      const { local, database } = await found(of);
      return local.databases.endSessions(database, before);
    },
  };
}
