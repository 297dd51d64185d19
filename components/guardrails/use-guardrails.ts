"use client";

import type { ToldErrors } from "@/components/ui/field-errors";
import { useAnswer } from "@/components/ui/use-answer";
import type { ActionResult } from "@/lib/core/action";
import type { GuardrailReport } from "@/lib/guardrails/contract";

interface Early {
  report: GuardrailReport | null;
  problem: string | null;
  isStale: boolean;
  /** Errors of the last sending with what is true now: what refuses stands beside its field, and what refused and holds no longer is gone. */
  together: (told: Pick<ToldErrors, "errors" | "guarded">) => Record<string, string>;
}

/** What guardrails would say of a request that is being typed. `question` is what the ability itself takes; null while there is nothing to ask. */
export function useGuardrails<Q>(question: Q | null, ask: (question: Q) => Promise<ActionResult<GuardrailReport>>): Early {
  const { answer, problem, isStale } = useAnswer(question, ask);
  const report = question === null ? null : answer;
  const refusals = report?.results.filter(({ verdict }) => verdict === "refuses") ?? [];
  const beside: Record<string, string> = {};
  for (const { field, message, fix } of refusals) if (field) beside[field] = [beside[field], `${message} ${fix}`].filter(Boolean).join(" ");
  const together: Early["together"] = ({ errors, guarded }) => {
    const isKnown = report !== null && !isStale;
    return { ...Object.fromEntries(Object.entries(errors).filter(([path]) => !(isKnown && guarded.includes(path)))), ...beside };
  };
  return { report, problem, isStale, together };
}
