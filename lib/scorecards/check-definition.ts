import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import type { ScorecardDefinition } from "./contract";
import { previewDraft } from "./preview";

/** Tries every condition over what it would apply to. Throws invalid, with line and column, for those that cannot be used. */
export async function checkDefinition(on: Connection, { appliesTo, levels, checks }: ScorecardDefinition): Promise<void> {
  const preview = await previewDraft(on, { appliesTo, levels, checks: checks.map(({ id, level, condition }) => ({ id, level, condition })) });
  const fields = preview.checks.flatMap(({ problem }, index) =>
    problem ? [{ path: `definition.checks.${index}.condition`, message: `Line ${problem.line}, column ${problem.column}: ${problem.message}` }] : [],
  );
  const [first] = fields;
  if (first) throw new DomainError("invalid", `${first.path}: ${first.message}`, { fields });
}
