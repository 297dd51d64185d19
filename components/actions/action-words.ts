import { type ActionDefinition, type ActionSummary, WHO_WORDS } from "@/lib/actions/contract";

const KIND_WORDS = { component: "Component", api: "API", resource: "Resource", system: "System", domain: "Domain" };

/** "Component, service", or that it is run on nothing. */
export function targetInWords(target: ActionDefinition["target"]): string {
  if (target === null) return "For a team";
  return [KIND_WORDS[target.kind], ...target.types].join(", ");
}

/** "team owners", "team members of search". */
export function whoInWords({ whoMayRun, teams }: Pick<ActionSummary, "whoMayRun" | "teams">): string {
  const only = teams.map((ref) => ref.slice(ref.indexOf("/") + 1)).join(", ");
  return only && whoMayRun !== "platform-admins" ? `${WHO_WORDS[whoMayRun]} of ${only}` : WHO_WORDS[whoMayRun];
}

export const BACK_END_WORDS = { webhook: "Webhook", "github-workflow": "GitHub workflow", function: "Platform function" };
export const FUNCTION_WORDS = {
  restart: "Restart an environment",
  "add-database": "Add a database to an environment",
  "change-database-password": "Change a database's password",
  decommission: "Decommission a service",
};
