import { afterAll, beforeAll } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { type TestDatabase, testDatabase } from "./database";

/** Gives the test file a migrated database of its own, open in the portal's role. */
export function useOwnDatabase(): { current: () => TestDatabase } {
  let database: TestDatabase | null = null;
  beforeAll(async () => {
    database = await testDatabase();
    openDatabase(database.appUrl);
  });
  afterAll(async () => {
    await closeDatabase();
    await database?.drop();
  });
  return {
    current: () => {
      if (!database) throw new Error("the database is not there yet");
      return database;
    },
  };
}
