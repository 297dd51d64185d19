import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scimConnections, scimPeople, users } from "@/db/schema";
import type { ConnectionRow } from "./connection-ctx";
import { isPending } from "./pending";
import type { PersonRecord } from "./person-attributes";
import type { PersonRow } from "./present";
import { ScimRefusal } from "./protocol";

/**
 * Throws uniqueness where another pushed person has the userName (of any connection, in any letter case) or, in this connection, the
 * externalId; and mutability where somebody who has signed in would become another person of the provider.
 */
export async function requireFree(tx: Tx, connection: ConnectionRow, record: PersonRecord, before: PersonRow | null): Promise<void> {
  const others = and(isNull(scimPeople.deletedAt), before ? ne(scimPeople.id, before.id) : undefined);
  const [sameName] = await tx
    .select({ connection: scimConnections.name })
    .from(scimPeople)
    .innerJoin(scimConnections, eq(scimConnections.id, scimPeople.connectionId))
    .where(and(others, sql`lower(${scimPeople.userName}) = lower(${record.userName})`));
  if (sameName) {
    const where = sameName.connection === connection.name ? "" : `, pushed by the connection "${sameName.connection}"`;
    throw new ScimRefusal("uniqueness", `There is a person with the userName "${record.userName}" already${where}.`);
  }
  if (record.externalId === null || record.externalId === before?.externalId) return;
  const [sameId] = await tx
    .select({ id: scimPeople.id })
    .from(scimPeople)
    .where(and(others, eq(scimPeople.connectionId, connection.id), eq(scimPeople.externalId, record.externalId)));
  if (sameId) throw new ScimRefusal("uniqueness", `There is a person with the externalId "${record.externalId}" already.`);
  if (before) await requireSamePerson(tx, connection, record.externalId, before);
}

/** An account that somebody has signed in to belongs to them: the provider cannot hand it to another of its people. */
async function requireSamePerson(tx: Tx, connection: ConnectionRow, externalId: string, before: PersonRow): Promise<void> {
  const [account] = await tx.select({ issuer: users.issuer, subject: users.subject, directoryId: users.directoryId }).from(users).where(eq(users.id, before.userId));
  if (!account || isPending(account)) return;
  const own = connection.recognise === "sub" ? account.subject : connection.recognise === "oid" ? account.directoryId : before.externalId;
  if (own === null || own === externalId) return;
  throw new ScimRefusal("mutability", `"${before.userName}" has signed in as another person than "${externalId}". Delete this User, then push the new person.`);
}
