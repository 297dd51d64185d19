import type { Run, RunStep } from "@/lib/runs/contract";

/** Milliseconds that a step took, or has taken so far; null before it begins. */
export function stepMs(step: RunStep, now: number): number | null {
  if (!step.startedAt) return null;
  return (step.finishedAt ? Date.parse(step.finishedAt) : now) - Date.parse(step.startedAt);
}

/** Milliseconds from acceptance to the end, or until now. */
export function runMs(run: Run, now: number): number {
  return (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt ?? run.createdAt);
}

export const WHO_CAN_FIX = { you: "You", "team-owner": "An owner of the team", "platform-team": "The platform team", provider: "The provider" };

export const isOver = (run: Run) => run.status === "succeeded" || run.status === "failed" || run.status === "cancelled";
