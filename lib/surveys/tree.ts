import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { memberships, type SurveyNode, surveyParticipation, surveyPreferences, surveys, teams, users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { sha256 } from "@/lib/core/secrets";
import { loadSettings } from "@/lib/platform/queries";
import type { AudienceChoice } from "./contract-form";

export const ORG = "org";

interface Audience {
  tree: SurveyNode[];
  /** Each person once, at the deepest team they are in. */
  people: { userId: string; node: string }[];
}

interface Narrowed {
  audience: AudienceChoice;
  /** `2026-11`: who answered a survey of that month is left out. Null: they are asked too. */
  period: string | null;
}

/**
 * Who would be asked, and the organisation as it stands: organisation → division → team. Without a choice everybody who can sign
 * in; with one those of it who have not opted out and have not answered a survey of the period.
 */
export async function readAudience(on: Connection, narrowed?: Narrowed): Promise<Audience> {
  const [groups, members, present, { organisation }, spared] = await Promise.all([
    on.select().from(teams),
    on.select({ userId: memberships.userId, teamId: memberships.teamId }).from(memberships),
    on
      .select({ id: users.id })
      .from(users)
      .where(env().demo ? isNull(users.disabledAt) : sql`${users.disabledAt} is null and not ${users.isDemo}`)
      .orderBy(users.id),
    loadSettings(on),
    narrowed ? sparedIn(on, narrowed.period) : new Set<string>(),
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
  const chosen = narrowed ? choice(narrowed, groups) : () => true;
  const people = present.map(({ id }) => ({ userId: id, node: homes.get(id) ?? ORG })).filter((person) => !spared.has(person.userId) && chosen(person));
  const nodes = groups.map(({ id, ref, name, title, parentId }) => ({ id, ref, name, title, parentId: parentId && names.has(parentId) ? parentId : ORG }));
  const tree = [{ id: ORG, ref: null, name: ORG, title: organisation, parentId: null }, ...nodes].map((node) => ({ ...node, asked: 0 }));
  return { tree: withAsked(tree, people), people };
}

/** Those whom a survey of the period does not ask: opted out, or answered one of the same month already. */
async function sparedIn(on: Connection, period: string | null): Promise<Set<string>> {
  const [optedOut, answered] = await Promise.all([
    on.select({ userId: surveyPreferences.userId }).from(surveyPreferences).where(eq(surveyPreferences.isOptedOut, true)),
    period === null
      ? []
      : on
          .select({ userId: surveyParticipation.userId })
          .from(surveyParticipation)
          .innerJoin(surveys, eq(surveys.id, surveyParticipation.surveyId))
          .where(and(eq(surveys.period, period), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false), isNotNull(surveyParticipation.answeredOn))),
  ]);
  return new Set([...optedOut, ...answered].map(({ userId }) => userId));
}

interface Group {
  id: string;
  ref: string;
  parentId: string | null;
}

function choice({ audience, period }: Narrowed, groups: Group[]): (person: Audience["people"][number]) => boolean {
  if (audience.kind === "everybody") return () => true;
  if (audience.kind === "third") return ({ userId }) => period === null || isInThird(userId, period);
  const parents = new Map(groups.map((group) => [group.id, group.parentId]));
  const wanted = new Set(groups.filter((group) => audience.teams.includes(group.ref)).map(({ id }) => id));
  const isWithin = (id: string | null, seen = 0): boolean => id !== null && seen < 20 && (wanted.has(id) || isWithin(parents.get(id) ?? null, seen + 1));
  return ({ node }) => isWithin(node);
}

/** A third of all people, another one in each month of a quarter: everybody has one turn in it. Thirds are drawn anew each quarter. */
export function isInThird(userId: string, period: string): boolean {
  const [year = "", month = "01"] = period.split("-");
  const quarter = Math.floor((Number(month) - 1) / 3);
  return Number.parseInt(sha256(`${userId}|${year}-Q${quarter + 1}`).slice(0, 8), 16) % 3 === (Number(month) - 1) % 3;
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
