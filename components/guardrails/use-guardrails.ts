"use client";

import { useAnswer } from "@/components/ui/use-answer";
import type { ActionResult } from "@/lib/core/action";
import type { GuardrailReport } from "@/lib/guardrails/contract";

interface Early {
  report: GuardrailReport | null;
  problem: string | null;
  isStale: boolean;
  /** What refuses, beside the field that it concerns. */
  beside: Record<string, string>;
  /** What refuses and has no field of its own among these. */
  elsewhere: (fields: string[]) => string[];
}

/** What guardrails would say of a request that is being typed. `question` is what the ability itself takes; null while there is nothing to ask. */
export function useGuardrails<Q>(question: Q | null, ask: (question: Q) => Promise<ActionResult<GuardrailReport>>): Early {
  const { answer, problem, isStale } = useAnswer(question, ask);
  const report = question === null ? null : answer;
  const refusals = report?.results.filter(({ verdict }) => verdict === "refuses") ?? [];
  const beside: Record<string, string> = {};
  for (const { field, message, fix } of refusals) if (field) beside[field] = [beside[field], `${message} ${fix}`].filter(Boolean).join(" ");
  return {
    report,
    problem,
    isStale,
    beside,
    elsewhere: (fields) => refusals.filter(({ field }) => !field || !fields.includes(field)).map(({ message, fix }) => `${message} ${fix}`),
  };
}
