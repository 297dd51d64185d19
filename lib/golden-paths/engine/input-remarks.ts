import type { z } from "zod";
import { nearestName } from "@/lib/core/nearest-name";
import { type GoldenPathDefinition, type GoldenPathStep, stepId } from "../definition";
import type { StepAction, StepRegistry } from "./step-action";

export interface InputRemark {
  step: string;
  action: string;
  input: string;
  message: string;
}

/** Inputs of the path's steps that its actions do not use here: known of Backstage's action and left out, or known to nobody. */
export function inputRemarks(definition: GoldenPathDefinition, registry: StepRegistry): InputRemark[] {
  return definition.spec.steps.flatMap((step, index) => remarksOf(step, registry).map((remark) => ({ step: stepId(step, index), ...remark })));
}

/** The same for one step. */
export function remarksOf(step: GoldenPathStep, registry: StepRegistry): Omit<InputRemark, "step">[] {
  const action = registry.get(step.action);
  const names = action ? inputNames(action) : null;
  if (!action || !names) return [];
  return Object.keys(step.input ?? {}).flatMap((input) => {
    if (names.includes(input)) return [];
    const why = action.ignored?.[input];
    const near = nearestName(input, names);
    const message = why ? `${action.id} does not use ${input}: ${why}.` : `${action.id} has no input ${input}.${near ? ` Did you mean ${near}?` : ""}`;
    return [{ action: action.id, input, message }];
  });
}

/** What the action reads; null for one whose inputs its own schema judges. */
function inputNames({ input, shown }: StepAction): string[] | null {
  if (shown) return null;
  const { shape } = input as z.ZodType & { shape?: Record<string, unknown> };
  return shape ? Object.keys(shape) : null;
}
