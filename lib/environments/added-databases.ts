import { and, eq, isNotNull, ne } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environmentDatabases } from "@/db/schema";
import type { ExtraDatabase } from "./drivers/driver";

/** The database that the golden path asks for; no added one can have this name. */
export const MAIN_DATABASE = "main";

export const isAdded = (environmentId: string) => and(eq(environmentDatabases.environmentId, environmentId), ne(environmentDatabases.name, MAIN_DATABASE));

/** The password in the address of a database. */
export const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);

/** The databases that were added to an environment, with their passwords out of its variables. */
export async function addedDatabases(on: Connection, environmentId: string, variables: { name: string; value: string; source: string }[]): Promise<ExtraDatabase[]> {
  const rows = await on
    .select({ name: environmentDatabases.name, variable: environmentDatabases.variable })
    .from(environmentDatabases)
    .where(and(isAdded(environmentId), isNotNull(environmentDatabases.readyAt)));
  return rows.flatMap((row) => {
    const url = variables.find((variable) => variable.name === row.variable && variable.source === "platform")?.value;
    return url === undefined ? [] : [{ ...row, password: passwordOf(url) }];
  });
}
