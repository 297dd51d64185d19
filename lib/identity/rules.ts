import type { Role } from "@/lib/core/actor";

export interface Rule {
  match: "exact" | "prefix";
  value: string;
  role: Role | null;
  teamId: string | null;
  membership: "member" | "owner" | null;
}

export interface Standing {
  role: Role;
  /** The group claim that gave the role; null for the default. */
  roleFrom: string | null;
  teams: Map<string, { membership: "member" | "owner"; from: string }>;
}

/** True if the rule speaks of the group. Letter case counts: group names of a provider may differ in nothing else. */
export function matches({ match, value }: Pick<Rule, "match" | "value">, group: string): boolean {
  return match === "exact" ? group === value : group.startsWith(value);
}

/**
 * What a person's group claims mean under the ordered rules. The first rule that gives a role decides it; platform-admin only by an
 * exact value. In a team `owner` wins over `member`.
 */
export function evaluateRules(groups: string[], rules: Rule[], adminGroup: string | null): Standing {
  const standing: Standing = { role: "engineer", roleFrom: null, teams: new Map() };
  if (adminGroup && groups.includes(adminGroup)) {
    standing.role = "platform-admin";
    standing.roleFrom = adminGroup;
  }
  for (const rule of rules) {
    const group = groups.find((claim) => matches(rule, claim));
    if (group === undefined) continue;
    if (rule.role && !standing.roleFrom && !(rule.role === "platform-admin" && rule.match !== "exact")) {
      standing.role = rule.role;
      standing.roleFrom = group;
    }
    if (rule.teamId && standing.teams.get(rule.teamId)?.membership !== "owner") {
      standing.teams.set(rule.teamId, { membership: rule.membership ?? "member", from: group });
    }
  }
  return standing;
}

/**
 * The groups of an ID token; the claim's name may be a path (`realm_access.roles`). Null when the claim is missing, or replaced by a
 * pointer because there are too many of them (`_claim_names`, Entra ID): missing is not the same as none, and takes nothing away.
 */
export function groupsOf(claims: Record<string, unknown>, claimName: string): string[] | null {
  const overage = claims._claim_names;
  if (isRecord(overage) && Object.hasOwn(overage, claimName)) return null;
  const value = Object.hasOwn(claims, claimName) ? claims[claimName] : claimName.split(".").reduce<unknown>(step, claims);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const step = (value: unknown, key: string) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);
