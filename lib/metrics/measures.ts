import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { deliveryViews, teams } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { type Dashboard, MEASURES, type MeasureName, SetMeasuresInput } from "./contract";
import type { Node } from "./node";

const ofPerson = (id: string) => `person ${id}`;
const ofTeam = (id: string) => `team ${id}`;

async function saved(on: Connection, owner: string): Promise<MeasureName[] | null> {
  const [row] = await on.select().from(deliveryViews).where(eq(deliveryViews.owner, owner));
  return row ? MEASURES.filter((one) => row.measures.includes(one)) : null;
}

/** The further measures to show: as the address asks, else as the person chose, else as the group has it by default, else none. */
export async function measuresFor(on: Connection, node: Node, ctx: Ctx, asked: MeasureName[] | undefined): Promise<Pick<Dashboard, "measures" | "chosenBy">> {
  if (asked) return { measures: asked, chosenBy: "address" };
  const own = ctx.actor.type === "user" ? await saved(on, ofPerson(ctx.actor.id)) : null;
  if (own) return { measures: own, chosenBy: "person" };
  const team = node.teamId ? await saved(on, ofTeam(node.teamId)) : null;
  return team ? { measures: team, chosenBy: "team" } : { measures: [], chosenBy: "nobody" };
}

export const setMeasures = mutation({
  name: "metric.choose",
  summary: "Choose the measures beside the three numbers: for yourself, or as the default of a group that you own or manage.",
  input: SetMeasuresInput,
  subject: async (on, { team }, ctx) => {
    if (!team) return { teamId: null, userId: ctx.actor.type === "user" ? ctx.actor.id : null };
    const [found] = await on.select({ id: teams.id }).from(teams).where(eq(teams.ref, team));
    if (!found) throw new DomainError("not_found", "There is no such group.");
    return { teamId: found.id, userId: null };
  },
  refuse: async (_on, { actor }, { teamId }) => {
    if (!teamId || actor.type !== "user" || actor.role === "platform-admin" || actor.managedTeamIds.includes(teamId)) return null;
    return actor.teams.some((team) => team.id === teamId && team.membership === "owner")
      ? null
      : "What a group sees by default is chosen by its owners and managers. Your own choice is yours.";
  },
  run: async (tx, { measures }, ctx, { teamId, userId }) => {
    const owner = teamId ? ofTeam(teamId) : ofPerson(userId ?? "");
    await tx
      .insert(deliveryViews)
      .values({ owner, measures, savedAt: ctx.now })
      .onConflictDoUpdate({ target: deliveryViews.owner, set: { measures, savedAt: ctx.now } });
    return { measures };
  },
  audit: ({ measures, team }) => (team ? { target: { type: "team", id: team, label: team }, detail: { measures: measures.join(", ") } } : null),
});
