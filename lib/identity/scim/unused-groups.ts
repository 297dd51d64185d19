import { asc, eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { roleRules, scimConnections, scimGroups } from "@/db/schema";
import { env } from "@/lib/core/env";
import { matches } from "../rules";

const SHOWN = 50;

/** Pushed groups that no role rule speaks of, by the attribute that rules go by. */
export async function unusedGroups(on: Connection, connectionId: string): Promise<string[]> {
  const [rules, groups] = await Promise.all([
    on.select().from(roleRules),
    on
      .select({ displayName: scimGroups.displayName, externalId: scimGroups.externalId, groupKey: scimConnections.groupKey })
      .from(scimGroups)
      .innerJoin(scimConnections, eq(scimConnections.id, scimGroups.connectionId))
      .where(eq(scimGroups.connectionId, connectionId))
      .orderBy(asc(scimGroups.displayName)),
  ]);
  const { adminGroup } = env();
  return groups
    .filter(({ displayName, externalId, groupKey }) => {
      const key = groupKey === "externalId" ? externalId : displayName;
      return key === null || (key !== adminGroup && !rules.some((rule) => matches(rule, key)));
    })
    .map((group) => group.displayName)
    .slice(0, SHOWN);
}
