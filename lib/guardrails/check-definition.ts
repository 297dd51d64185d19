import { inArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { teams } from "@/db/schema";
import { DomainError, type FieldError } from "@/lib/core/errors";
import type { GuardrailDefinition } from "./contract";
import { tryExamples } from "./examples";
import { conditionProblem } from "./preview";

/** Reads the condition for every ability, runs the examples, looks for the teams. Throws invalid beside the field. */
export async function checkDefinition(on: Connection, { condition, abilities, examples, teams: refs }: GuardrailDefinition): Promise<void> {
  const fields: FieldError[] = [];
  const known = refs.length ? await on.select({ ref: teams.ref }).from(teams).where(inArray(teams.ref, refs)) : [];
  const missing = refs.find((ref) => !known.some((team) => team.ref === ref));
  if (missing) fields.push({ path: "definition.teams", message: `There is no team "${missing}". Write refs, such as group:default/checkout.` });
  const problem = await conditionProblem(condition, abilities);
  if (problem) {
    const which = abilities.length > 1 ? ` (for ${problem.ability})` : "";
    fields.push({ path: "definition.condition", message: `Line ${problem.line}, column ${problem.column}: ${problem.message}${which}` });
  } else {
    const outcomes = await tryExamples(condition, abilities, examples);
    examples.forEach(({ title, expect }, index) => {
      const found = outcomes[index];
      if (!found || found.outcome === expect) return;
      const said = found.outcome === "undecided" ? `cannot be decided: ${found.reason}` : found.outcome === "pass" ? "passes" : "does not pass";
      fields.push({
        path: `definition.examples.${index}`,
        message: `“${title}” should ${expect === "pass" ? "pass" : "not pass"}, and ${said}. Correct the condition or the example.`,
      });
    });
  }
  const [first] = fields;
  if (first) throw new DomainError("invalid", `${first.path}: ${first.message}`, { fields });
}
