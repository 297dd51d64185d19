import type { Connection } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";

export interface OwningTeam {
  id: string;
  ref: string;
  name: string;
}

function invalid(path: string, message: string): never {
  throw new DomainError("invalid", message, { fields: [{ path, message }] });
}

/** `group:default/checkout` for checkout, group:checkout and group:default/checkout. */
function groupRef(text: string): string {
  const rest = text
    .trim()
    .toLowerCase()
    .replace(/^group:/, "");
  return `group:${rest.includes("/") ? rest : `default/${rest}`}`;
}

/** What an operation with answers is about: the team that its result is going to belong to. Throws as `owningTeam`. */
export async function owningSubject(on: Connection, { team: named, values }: { team?: string | undefined; values: Record<string, unknown> }, ctx: Ctx) {
  const team = await owningTeam(on, { team: named, owner: values.owner }, ctx);
  return { teamId: team.id, team };
}

/** The team that a new service belongs to: the named one, the group that the answers name as owner, or the person's only team. Throws invalid. */
export async function owningTeam(on: Connection, asked: { team?: string | undefined; owner: unknown }, ctx: Ctx): Promise<OwningTeam> {
  if (asked.team !== undefined) return (await teamOf(on, asked.team)) ?? invalid("team", `There is no team "${asked.team}". Use its short name or its ref, for example checkout.`);
  if (typeof asked.owner === "string" && asked.owner !== "" && !asked.owner.toLowerCase().startsWith("user:")) {
    const message = `There is no team "${asked.owner.slice(0, 100)}". The owner of a service is a team of this portal, for example group:default/checkout.`;
    return (await teamOf(on, asked.owner)) ?? invalid("values.owner", message);
  }
  if (ctx.actor.type !== "user") return invalid("team", "Name a team.");
  const [only, second] = ctx.actor.teams;
  if (!only) return invalid("team", "You are in no team yet. Ask a platform admin to add you to one, then try again.");
  if (second) return invalid("team", `You are in several teams: ${ctx.actor.teams.map((team) => team.name).join(", ")}. Name one of them.`);
  return only;
}

async function teamOf(on: Connection, text: string): Promise<OwningTeam | null> {
  const ref = groupRef(text);
  const team = await on.query.teams.findFirst({ where: (table, { eq }) => eq(table.ref, ref), columns: { id: true, ref: true, name: true } });
  return team ?? null;
}
