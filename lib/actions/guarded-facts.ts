import type { RequestFacts } from "@/lib/guardrails/contract";
import type { ActionDefinition } from "./contract";
import type { Target } from "./target";

/** What guardrails see of a run of an action; `values` without secrets. */
export const actionFacts = (
  { action, definition, target }: { action: { name: string }; definition: ActionDefinition; target: Target },
  values: Record<string, unknown>,
): RequestFacts<"action.run"> => ({
  action: action.name,
  backEnd: definition.backEnd.type,
  entityRef: target.entity?.ref ?? "",
  environment: target.environment?.name ?? "",
  tier: target.environment?.tier ?? "",
  values,
});
