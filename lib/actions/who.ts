import { and, eq, inArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { memberships, teams, users } from "@/db/schema";
import type { Actor } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import { type ActionDefinition, WHO_WORDS } from "./contract";

type Limits = Pick<ActionDefinition, "whoMayRun" | "teams">;
interface Team {
  id: string;
  ref: string;
}

/** True if the actor may run an action with these limits for the team: the platform's table first, then the action's own words. */
export function mayRunFor(actor: Actor, limits: Limits, team: Team): boolean {
  if (!can(actor, "action.run", { teamId: team.id })) return false;
  if (actor.type !== "user") return actor.type === "system";
  if (limits.teams.length > 0 && !limits.teams.includes(team.ref)) return false;
  if (actor.role === "platform-admin") return true;
  const manages = actor.managedTeamIds.includes(team.id);
  const owns = actor.teams.some((one) => one.id === team.id && one.membership === "owner");
  return { "team-members": true, "team-owners": owns || manages, managers: manages, "platform-admins": false }[limits.whoMayRun];
}

const nameOf = (ref: string) => ref.slice(ref.indexOf("/") + 1);

/** Who may, in words for lists: "team owners", "team members of search". */
export function whoInWords({ whoMayRun, teams: only }: Limits): string {
  if (whoMayRun === "platform-admins") return WHO_WORDS[whoMayRun];
  return only.length === 0 ? WHO_WORDS[whoMayRun] : `${WHO_WORDS[whoMayRun]} of ${only.map(nameOf).join(", ")}`;
}

/** The sentence for somebody who may not, with people to ask. */
export async function whoMayInstead(on: Connection, title: string, limits: Limits, team: Team | null): Promise<string> {
  if (team && limits.teams.length > 0 && !limits.teams.includes(team.ref)) {
    return `"${title}" can be run only for ${limits.teams.map(nameOf).join(", ")}, not for ${nameOf(team.ref)}. Ask a platform admin to add the team.`;
  }
  const rule = `"${title}" may be run by ${whoInWords(limits)}${team && limits.teams.length === 0 && limits.whoMayRun !== "platform-admins" ? ` of ${nameOf(team.ref)}` : ""}.`;
  const people = team && limits.whoMayRun !== "platform-admins" ? await peopleToAsk(on, team.id, limits.whoMayRun === "team-members") : [];
  return `${rule} Ask ${people.length > 0 ? people.join(" or ") : "a platform admin"}.`;
}

async function peopleToAsk(on: Connection, teamId: string, members: boolean): Promise<string[]> {
  const kinds: ("owner" | "member")[] = members ? ["owner", "member"] : ["owner"];
  const rows = await on
    .select({ handle: users.handle })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.teamId, teamId), inArray(memberships.membership, kinds)))
    .orderBy(memberships.membership, users.handle)
    .limit(3);
  return rows.map((row) => row.handle);
}

/** The team with this id. */
export async function teamWithId(on: Connection, id: string): Promise<Team | null> {
  const [row] = await on.select({ id: teams.id, ref: teams.ref }).from(teams).where(eq(teams.id, id));
  return row ?? null;
}
