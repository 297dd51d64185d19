import { and, eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { memberships, teams } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { CreateTeamInput, EditTeamInput, RemoveMemberInput, SetMemberInput } from "./contract";
import { personNamed } from "./person-named";
import { teamNamed } from "./queries";
import { requireHandMade } from "./scim/managed";

export const createTeam = mutation({
  name: "team.create",
  summary: "Make a team.",
  input: CreateTeamInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    const parent = input.parent ? await teamNamed(tx, input.parent) : null;
    const [made] = await tx
      .insert(teams)
      .values({ id: newId("team"), ref: `group:default/${input.name}`, name: input.name, title: input.title, parentId: parent?.teamId ?? null, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    if (!made) throw new DomainError("conflict", `There is a team "${input.name}" already.`, { fields: [{ path: "name", message: "Taken. Choose another name." }] });
    return { id: made.id, ref: made.ref, name: made.name };
  },
  audit: (_input, result) => ({ target: { type: "team", id: result.id, label: result.name }, teamId: result.id }),
});

/** The division of a team. Throws invalid when it would become a part of itself. */
async function parentOf(on: Connection, teamId: string, wanted: string): Promise<string> {
  const { teamId: parentId } = await teamNamed(on, wanted);
  const parents = new Map((await on.select({ id: teams.id, parentId: teams.parentId }).from(teams)).map((team) => [team.id, team.parentId]));
  for (let above: string | null | undefined = parentId; above; above = parents.get(above)) {
    if (above === teamId)
      throw new DomainError("invalid", "A team cannot be a part of itself.", { fields: [{ path: "parent", message: "Choose a team that is not below this one." }] });
  }
  return parentId;
}

export const editTeam = mutation({
  name: "team.edit",
  summary: "Change a team's title or the division it belongs to.",
  input: EditTeamInput,
  subject: (on, input) => teamNamed(on, input.team),
  run: async (tx, { title, parent }, _ctx, { team }) => {
    const change = { title: title ?? team.title, parentId: parent === undefined ? team.parentId : parent === null ? null : await parentOf(tx, team.id, parent) };
    await tx.update(teams).set(change).where(eq(teams.id, team.id));
    return { id: team.id, ref: team.ref, name: team.name, title: change.title };
  },
  audit: (input, result, { team }) => ({
    target: { type: "team", id: team.id, label: team.name },
    detail: { title: { from: team.title, to: result.title }, ...(input.parent === undefined ? {} : { parent: input.parent }) },
  }),
});

export const setMember = mutation({
  name: "team.manage-members",
  summary: "Add a person to a team, or change what they are in it.",
  input: SetMemberInput,
  subject: (on, input) => teamNamed(on, input.team),
  run: async (tx, input, ctx, { teamId }) => {
    const person = await personNamed(tx, input.user, "user");
    const row = { membership: input.membership, source: "manual" as const };
    await tx
      .insert(memberships)
      .values({ userId: person.id, teamId, createdAt: ctx.now, ...row })
      .onConflictDoUpdate({ target: [memberships.userId, memberships.teamId], set: row });
    return { userId: person.id, handle: person.handle, membership: input.membership };
  },
  audit: (_input, result, { team }) => ({ target: { type: "user", id: result.userId, label: result.handle }, detail: { team: team.name, membership: result.membership } }),
});

export const removeMember = mutation({
  name: "team.manage-members",
  summary: "Take a person out of a team.",
  input: RemoveMemberInput,
  subject: (on, input) => teamNamed(on, input.team),
  run: async (tx, input, _ctx, { teamId }) => {
    const person = await personNamed(tx, input.user, "user");
    await requireHandMade(tx, person, teamId);
    const gone = await tx
      .delete(memberships)
      .where(and(eq(memberships.userId, person.id), eq(memberships.teamId, teamId)))
      .returning();
    return { userId: person.id, handle: person.handle, removed: gone.length > 0 };
  },
  audit: (_input, result, { team }) => (result.removed ? { target: { type: "user", id: result.userId, label: result.handle }, detail: { team: team.name, removed: true } } : null),
});
