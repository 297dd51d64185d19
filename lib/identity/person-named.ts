import { and, eq, isNull, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";

type Person = typeof users.$inferSelect;

/**
 * The one active person of a short name, an id, a subject of the identity provider, or a verified e-mail address, tried in this order.
 * An unverified address proves nothing: anybody may have typed it. Throws invalid, naming the field.
 */
export async function personNamed(on: Connection, text: string, field: string): Promise<Person> {
  const wanted = text.trim();
  const ways = [eq(users.handle, wanted.toLowerCase()), eq(users.id, wanted), eq(users.subject, wanted)];
  for (const way of ways) {
    const [found, second] = await on
      .select()
      .from(users)
      .where(and(way, isNull(users.disabledAt)));
    if (found && !second) return found;
  }
  const sharers = wanted.includes("@")
    ? await on
        .select()
        .from(users)
        .where(and(sql`lower(${users.email}) = ${wanted.toLowerCase()}`, isNull(users.disabledAt)))
    : [];
  const [only, another] = sharers;
  if (only && !another && only.emailVerified) return only;
  const message = only
    ? `${wanted} is not a verified address of exactly one person. Use a short name instead: ${sharers.map((person) => person.handle).join(", ")}.`
    : `There is nobody called "${wanted}". People appear after their first sign-in.`;
  throw new DomainError("invalid", message, { fields: [{ path: field, message }] });
}
