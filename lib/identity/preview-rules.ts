import { asc } from "drizzle-orm";
import { roleRules, teams } from "@/db/schema";
import { env } from "@/lib/core/env";
import { query } from "@/lib/core/operation";
import { PreviewRulesInput, type RulesPreview } from "./contract";
import { evaluateRules, matches } from "./rules";

export const previewRules = query({
  name: "role-rule.list",
  summary: "What the given group claims would mean, under the stored rules or under others.",
  input: PreviewRulesInput,
  subject: () => null,
  run: async (on, { groups, rules: proposed }): Promise<RulesPreview> => {
    const names = new Map((await on.select({ id: teams.id, name: teams.name }).from(teams)).map((team) => [team.id, team.name]));
    const ids = new Map([...names].map(([id, name]) => [name, id]));
    const rules =
      proposed?.map(({ team, ...rule }) => ({ ...rule, teamId: team ? (ids.get(team) ?? null) : null })) ?? (await on.select().from(roleRules).orderBy(asc(roleRules.position)));
    const { adminGroup } = env();
    const standing = evaluateRules(groups, rules, adminGroup);
    return {
      role: { value: standing.role, from: standing.roleFrom },
      teams: [...standing.teams].map(([teamId, { membership, from }]) => ({ team: names.get(teamId) ?? teamId, membership, from })),
      unused: groups.filter((group) => group !== adminGroup && !rules.some((rule) => matches(rule, group))),
    };
  },
});
