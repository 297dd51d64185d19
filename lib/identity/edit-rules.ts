import { roleRules, teams } from "@/db/schema";
import { DomainError, type FieldError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { ReplaceRulesInput, type RoleRule } from "./contract";
import { requireFreshSignIn } from "./fresh-sign-in";

function problemOf(rule: RoleRule, teamIds: Map<string, string>): string | null {
  if (!rule.role && !rule.team) return "A rule gives a role, a team, or both. Choose one.";
  if (rule.role === "platform-admin" && rule.match !== "exact") return "Platform admins come only from an exact group. Choose exact.";
  if (rule.team && !teamIds.has(rule.team)) return `There is no team "${rule.team}".`;
  return null;
}

export const replaceRules = mutation({
  name: "role-rule.edit",
  summary: "Replace the ordered rules from group claims to teams and roles. They count from each person's next sign-in or push.",
  input: ReplaceRulesInput,
  subject: () => null,
  run: async (tx, input, ctx) => {
    await requireFreshSignIn(tx, ctx);
    const teamIds = new Map((await tx.select({ id: teams.id, name: teams.name }).from(teams)).map((team) => [team.name, team.id]));
    const fields = input.rules.flatMap((rule, index): FieldError[] => {
      const message = problemOf(rule, teamIds);
      return message ? [{ path: `rules.${index}`, message }] : [];
    });
    if (fields[0]) throw new DomainError("invalid", fields[0].message, { fields });
    const before = await tx.delete(roleRules).returning();
    if (input.rules.length) {
      await tx.insert(roleRules).values(
        input.rules.map(({ team, ...rule }, position) => ({
          id: newId("rule"),
          position,
          ...rule,
          teamId: team ? (teamIds.get(team) ?? null) : null,
          membership: team ? (rule.membership ?? "member") : null,
          createdAt: ctx.now,
        })),
      );
    }
    return { before: before.length, after: input.rules.length };
  },
  audit: (input, result) => ({
    target: { type: "role-rules", id: "all", label: "Role rules" },
    detail: { before: result.before, after: result.after, rules: input.rules.map((rule) => `${rule.match} ${rule.value}`) },
  }),
});
