import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { teams } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { DomainError } from "@/lib/core/errors";

/** The team on whose behalf an address is read: the named one, else the one that the person owns. Throws invalid. */
export async function readingTeam(on: Connection, asked: string | undefined, actor: UserActor): Promise<string> {
  const invalid = (message: string) => new DomainError("invalid", message, { fields: [{ path: "team", message }] });
  if (asked) {
    const ref = asked.includes(":") ? asked.toLowerCase() : `group:default/${asked.toLowerCase()}`;
    const team = await on.query.teams.findFirst({ where: eq(teams.ref, ref), columns: { id: true } });
    if (!team) throw invalid(`There is no team "${asked}".`);
    return team.id;
  }
  const [own, second] = actor.teams.filter(({ membership }) => membership === "owner");
  if (second && actor.role !== "platform-admin") throw invalid(`You own several teams: ${actor.teams.map(({ name }) => name).join(", ")}. Name one of them.`);
  const team = own ?? actor.teams[0];
  if (!team) throw invalid("You are in no team. Name the team on whose behalf the address is read.");
  return team.id;
}
