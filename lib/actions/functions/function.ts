import type { Connection } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import type { Outcome } from "@/lib/runs/contract";
import { type EngineRun, StepFailure, type StepPlan } from "@/lib/runs/engine/types";
import type { ActionRunInput } from "../run-input";
import type { Target, TargetEnvironment } from "../target";

/** Something the platform itself can do, offered as an action. */
export interface PlatformFunction {
  title: string;
  /** Kind of entity that it needs; null = none. */
  target: "component" | null;
  /** Questions that its form has to ask. */
  inputs: string[];
  /** Before the run is accepted, inside its transaction. Throws invalid or conflict. */
  check(on: Connection, target: Target, values: Record<string, unknown>): Promise<void>;
  plan(target: Target): StepPlan[];
  /** Two runs with the same key never work at the same time. */
  exclusiveKey(target: Target): string | undefined;
  /** The values are those that were checked. Throws StepFailure. */
  execute(run: EngineRun<ActionRunInput>): Promise<Pick<Outcome, "summary"> & Partial<Outcome>>;
}

/** The environment that was chosen, ready to be changed. Throws invalid or conflict. */
export function readyEnvironment({ environment }: Target): TargetEnvironment {
  if (!environment) {
    const message = "Choose an environment.";
    throw new DomainError("invalid", message, { fields: [{ path: "values.environment", message }] });
  }
  const refuse = (message: string) => new DomainError("invalid", message, { fields: [{ path: "values.environment", message }] });
  if (environment.isDemo) throw refuse(`${environment.name} is part of the demo history and does not run. Choose another one.`);
  if (environment.status !== "ready") throw refuse(`${environment.name} is ${environment.status}. Choose one that is ready, or wait until it is.`);
  return environment;
}

/** The id of the environment that the run is about. */
export function environmentOf(run: EngineRun<ActionRunInput>): string {
  if (run.input.environmentId) return run.input.environmentId;
  throw new StepFailure({ causeCode: "bad-input", cause: "The run names no environment.", whoCanFix: "platform-team", nextAction: "Run the action again." });
}

export const environmentEvidence = (environment: { id: string; name: string }, tab?: string) => ({
  title: environment.name,
  url: `/environments/${environment.id}${tab ? `?tab=${tab}` : ""}`,
});
