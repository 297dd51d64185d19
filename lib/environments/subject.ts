import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { environments } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError, type FieldError } from "@/lib/core/errors";

export type EnvironmentRow = typeof environments.$inferSelect;

/** A deleted environment can be read for 30 days (its receipt longer, in the audit log). */
export const READABLE_AFTER_DELETE_DAYS = 30;

/** The row, its team and owner for authorization. Throws not_found, also 30 days after deletion. */
export async function environmentSubject(on: Connection, id: string, ctx: Ctx) {
  const [row] = await on.select().from(environments).where(eq(environments.id, id));
  const cutOff = ctx.now.getTime() - READABLE_AFTER_DELETE_DAYS * 86_400_000;
  if (!row || (row.deletedAt && row.deletedAt.getTime() < cutOff)) throw new DomainError("not_found", "There is no such environment.");
  return { teamId: row.teamId, ownerId: row.ownerId, row };
}

/** The same, locked for a change. Throws conflict when it is deleted. */
export async function livingEnvironment(on: Connection, id: string, ctx: Ctx) {
  const subject = await environmentSubject(on, id, ctx);
  if (subject.row.status === "deleted") throw new DomainError("conflict", "This environment is deleted. Create a new one.");
  return subject;
}

function invalidTeam(message: string): never {
  const fields: FieldError[] = [{ path: "team", message }];
  throw new DomainError("invalid", message, { fields });
}

/** The team that a new environment belongs to: the named one, or the person's only team. Throws invalid. */
export async function chooseTeam(on: Connection, asked: string | undefined, ctx: Ctx): Promise<{ id: string; name: string }> {
  if (asked !== undefined) {
    const team = await findTeam(on, asked);
    return team ?? invalidTeam(`There is no team "${asked}". Use its short name or its ref, for example checkout or group:default/checkout.`);
  }
  if (ctx.actor.type !== "user") return invalidTeam("Name a team.");
  const [only, second] = memberTeams(ctx.actor);
  if (!only) return invalidTeam("You are in no team yet. Ask a platform admin to add you to one, then try again.");
  if (second) return invalidTeam(`You are in several teams: ${ctx.actor.teams.map((team) => team.name).join(", ")}. Name one of them.`);
  return only;
}

/** The teams in which a person works. */
export const memberTeams = (actor: UserActor) => actor.teams;

async function findTeam(on: Connection, text: string) {
  const ref = text.includes(":") ? text.toLowerCase() : `group:default/${text.toLowerCase()}`;
  const team = await on.query.teams.findFirst({ where: (table, { eq: equals }) => equals(table.ref, ref), columns: { id: true, name: true } });
  return team ?? null;
}
