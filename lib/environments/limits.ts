import type { StepPlan } from "@/lib/runs/engine/types";

export const CREATE_DEADLINE_MS = 10 * 60_000;
export const RESTART_DEADLINE_MS = 3 * 60_000;
export const DEPLOY_DEADLINE_MS = 10 * 60_000;
/** How old a proxy's knowledge of a route may be. */
export const ROUTE_FRESH_MS = 500;
export const DELETE_DEADLINE_MS = 5 * 60_000;
/** After a failed create, what the finished steps made stays this long for a retry. */
export const KEEP_FAILED_MINUTES = 30;

export const CREATE_STEPS_BEFORE: StepPlan[] = [{ name: "check", title: "Check guardrails" }];
export const DEPLOY_STEPS_BEFORE: StepPlan[] = [{ name: "check", title: "Check guardrails" }];
/** Until a version's own waymark.yaml says how much it needs. */
export const DEFAULT_MEMORY_MIB = 256;
/** Before anything is removed, a run that is still at work on the environment has to stop. */
export const DELETE_STEPS_BEFORE: StepPlan[] = [{ name: "stop-runs", title: "Stop other runs" }];
