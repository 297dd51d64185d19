import { asc } from "drizzle-orm";
import { z } from "zod";
import { teams } from "@/db/schema";
import { query } from "@/lib/core/operation";
import { teamsWithin } from "@/lib/core/policy";
import type { DeliveryNode, DeliveryScope } from "./contract";
import { ORGANISATION } from "./tree";

export const getDeliveryScope = query({
  name: "metric.read-organisation",
  summary: "The groups whose figures you may see, as a tree, and the one to begin with.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on, _input, { actor }): Promise<DeliveryScope> => {
    const all = await on.select({ id: teams.id, ref: teams.ref, title: teams.title, parentId: teams.parentId }).from(teams).orderBy(asc(teams.title));
    const reach = teamsWithin(actor, "metric.read");
    const mine = all.filter((team) => reach === "all" || reach.includes(team.id));
    const has = (id: string | null) => id !== null && mine.some((team) => team.id === id);
    const below = (parentId: string | null, depth: number): DeliveryNode[] =>
      mine
        .filter((team) => (parentId === null ? !has(team.parentId) : team.parentId === parentId))
        .flatMap((team) => [{ ref: team.ref, title: team.title, depth }, ...below(team.id, depth + 1)]);
    const groups = [{ ref: ORGANISATION, title: "Organisation", depth: 0 }, ...below(null, 1)];
    const own = actor.type === "user" ? (actor.role === "manager" ? actor.managedTeamIds : actor.teams.map((team) => team.id)) : [];
    const home = mine.find((team) => own.includes(team.id) && !own.includes(team.parentId ?? ""));
    return { groups, home: home?.ref ?? ORGANISATION };
  },
});
