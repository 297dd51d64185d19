import { isNull, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { memberships, type SurveyNode, teams, users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { loadSettings } from "@/lib/platform/queries";

export const ORG = "org";

interface Audience {
  tree: SurveyNode[];
  /** Each person once, at the deepest team they are in. */
  people: { userId: string; node: string }[];
}

/** Everybody who can sign in, and the organisation as it stands: organisation → division → team. */
export async function readAudience(on: Connection): Promise<Audience> {
  const [groups, members, everybody, { organisation }] = await Promise.all([
    on.select().from(teams),
    on.select({ userId: memberships.userId, teamId: memberships.teamId }).from(memberships),
    on
      .select({ id: users.id })
      .from(users)
      .where(env().demo ? isNull(users.disabledAt) : sql`${users.disabledAt} is null and not ${users.isDemo}`)
      .orderBy(users.id),
    loadSettings(on),
  ]);
  const parents = new Map(groups.map((team) => [team.id, team.parentId]));
  const depth = (id: string | null, seen = 0): number => (id && seen < 20 ? 1 + depth(parents.get(id) ?? null, seen + 1) : 0);
  const names = new Map(groups.map((team) => [team.id, team.name]));
  const homes = new Map<string, string>();
  for (const { userId, teamId } of members) {
    const other = homes.get(userId);
    const closer = !other || depth(teamId) > depth(other) || (depth(teamId) === depth(other) && (names.get(teamId) ?? "") < (names.get(other) ?? ""));
    if (closer) homes.set(userId, teamId);
  }
  const people = everybody.map(({ id }) => ({ userId: id, node: homes.get(id) ?? ORG }));
  const nodes = groups.map(({ id, ref, name, title, parentId }) => ({ id, ref, name, title, parentId: parentId && names.has(parentId) ? parentId : ORG }));
  const tree = [{ id: ORG, ref: null, name: ORG, title: organisation, parentId: null }, ...nodes].map((node) => ({ ...node, asked: 0 }));
  return { tree: withAsked(tree, people), people };
}

function withAsked(tree: SurveyNode[], people: Audience["people"]): SurveyNode[] {
  const byId = new Map(tree.map((node) => [node.id, { ...node }]));
  for (const { node } of people) {
    const path = new Set<string>();
    for (let at = byId.get(node); at && !path.has(at.id); at = at.parentId ? byId.get(at.parentId) : undefined) {
      path.add(at.id);
      at.asked += 1;
    }
  }
  return inOrder(
    [...byId.values()].filter((node) => node.asked > 0 || node.id === ORG),
    null,
  );
}

/** Parents before their children, names in order. */
function inOrder(nodes: SurveyNode[], parentId: string | null): SurveyNode[] {
  return nodes
    .filter((node) => node.parentId === parentId)
    .sort((a, b) => a.title.localeCompare(b.title))
    .flatMap((node) => [node, ...inOrder(nodes, node.id)]);
}
