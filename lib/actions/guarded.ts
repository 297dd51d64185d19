import { isDomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { validateAnswers } from "@/lib/golden-paths/queries";
import type { GuardrailReport, RequestFacts } from "@/lib/guardrails/contract";
import { askEarly } from "@/lib/guardrails/queries";
import { RunActionInput } from "./contract";
import { actionFacts } from "./guarded-facts";
import { loadAction, runnable } from "./read";
import { splitSecrets } from "./secret-values";
import { resolveTarget } from "./target";

export const checkRunAction = query({
  name: "action.run",
  summary: "What guardrails would say of a run of an action. Takes what running it takes, whole or not; nothing is run and nothing is kept.",
  input: RunActionInput,
  subject: async (on, input, ctx) => {
    const known = await loadAction(on, input.name);
    const { definition } = runnable(known);
    const target = await resolveTarget(on, definition, input, ctx);
    return { teamId: target.teamId, action: known.row, definition, target };
  },
  run: async (on, { values }, ctx, { teamId, action, definition, target }): Promise<GuardrailReport> =>
    askEarly(on, ctx, { ability: "action.run", teamId, request: await requestedRun({ action, definition, target }, values) }),
});

/** What guardrails see of a run that is asked for, as far as the answers go. */
export async function requestedRun(asked: Parameters<typeof actionFacts>[0], values: Record<string, unknown>): Promise<RequestFacts<"action.run">> {
  const { action, definition } = asked;
  // Answers that are wrong or still missing are told by the form itself.
  const answers = await validateAnswers(definition.inputs, values, `The action ${action.name}`).catch((error: unknown) => {
    if (isDomainError(error)) return values;
    throw error;
  });
  return actionFacts(asked, splitSecrets(definition.inputs, answers).open);
}
