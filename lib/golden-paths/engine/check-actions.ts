import { DomainError } from "@/lib/core/errors";
import { nearestName } from "@/lib/core/nearest-name";
import { type GoldenPathDefinition, stepId } from "../definition";
import type { StepRegistry } from "./step-action";

/** `workspace`: only what changes the folder; `dry-run`: outside nothing is done but everything foreseen; `all`: everything. */
export type Scope = "workspace" | "dry-run" | "all";

const OUTSIDE = ["publish:", "catalog:", "github:", "gitlab:", "bitbucket:", "azure:", "argocd:", "http:", "notification:"];

/** True for actions that reach outside the folder, whether or not this Waymark can run them. */
export function isKnownOutside(action: string): boolean {
  return OUTSIDE.some((prefix) => action.startsWith(prefix));
}

/** Ids of actions that the path names and this Waymark does not have, each once. */
export function missingActions(definition: GoldenPathDefinition, registry: StepRegistry): string[] {
  return [...new Set(definition.spec.steps.map(({ action }) => action).filter((action) => !registry.has(action)))];
}

/** True for an action that reaches outside the folder: as it says itself, or by its name where nobody has it. */
export function reachesOutside(action: string, registry: StepRegistry): boolean {
  const effect = registry.get(action)?.effect;
  return effect ? effect === "outside" || effect === "publication" : isKnownOutside(action);
}

/** True where the step is left out because only the folder is wanted. */
export function isLeftOut(action: string, registry: StepRegistry, scope: Scope): boolean {
  return scope === "workspace" && reachesOutside(action, registry);
}

/** Throws DomainError("invalid") naming every action that cannot run here; asked before the first step. */
export function checkActions(definition: GoldenPathDefinition, registry: StepRegistry, scope: Scope): void {
  const fields = definition.spec.steps.flatMap((step, index) => {
    const isTold = scope === "dry-run" && isKnownOutside(step.action);
    if (isTold || isLeftOut(step.action, registry, scope) || registry.has(step.action)) return [];
    const near = nearestName(step.action, registry.keys());
    const hint = near ? `Did you mean ${near}?` : `Known: ${[...registry.keys()].join(", ")}.`;
    return [{ path: `spec.steps.${index}.action`, message: `Step ${stepId(step, index)} needs the action ${step.action}, which this Waymark does not have. ${hint}` }];
  });
  if (fields.length === 0) return;
  throw new DomainError("invalid", `The golden path ${definition.metadata.name} cannot run here. ${fields.map((field) => field.message).join(" ")}`, { fields });
}
