import type { Connection } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { authorize } from "@/lib/core/operation";
import type { Permission } from "@/lib/core/policy";
import { findRepository } from "@/lib/repositories/queries";
import { teamsOfServices } from "./owner";

interface Row {
  service?: string | undefined;
  repository?: string;
}

/** For each row the team that it is about: the service's, else the repository's, else (nobody's yet) the sender's own. */
export async function teamsOfRows(on: Connection, items: Row[], ctx: Ctx): Promise<{ teamId: string | null; teams: { teamId: string | null }[] }> {
  const owners = await teamsOfServices(on, [...new Set(items.flatMap((row) => row.service ?? []))]);
  const repositories = new Map<string, string | null>();
  for (const name of new Set(items.flatMap((row) => row.repository ?? []))) repositories.set(name, await teamOfRepository(on, name));
  const own = ctx.actor.type === "user" ? (ctx.actor.teams[0]?.id ?? null) : null;
  const teams = items.map((row) => ({ teamId: (row.service && owners.get(row.service)) || (row.repository && repositories.get(row.repository)) || own }));
  return { teamId: teams[0]?.teamId ?? null, teams };
}

async function teamOfRepository(on: Connection, text: string): Promise<string | null> {
  const at = text.lastIndexOf("/");
  return (await findRepository(on, { owner: text.slice(0, at), name: text.slice(at + 1) }))?.teamId ?? null;
}

/** Throws unless the caller may do this for every one of the teams. */
export function requireTeams(ctx: Ctx, permission: Permission, teams: { teamId: string | null }[]): void {
  for (const teamId of new Set(teams.map((team) => team.teamId))) authorize(ctx, permission, { teamId });
}
