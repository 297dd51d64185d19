import { isDomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import type { Outcome } from "../contract";
import type { StepFailure } from "./types";

type Failure = Omit<Outcome, "evidence"> & { evidence?: Outcome["evidence"] };

function isStepFailure(error: unknown): error is StepFailure {
  return error instanceof Error && error.name === "StepFailure" && "outcome" in error;
}

function hasCode(error: unknown, code: string): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === code) || (error.cause !== undefined && hasCode(error.cause, code));
}

/** What a thrown error means for the person: cause, who can fix it, next action. Unexpected ones carry a reference. */
export function explainFailure(error: unknown, run: { id: string; title: string }, step: string | null): Outcome {
  const failure = explain(error, run);
  return {
    ...failure,
    summary: failure.summary || `${run.title} failed`,
    ...(step ? { failingStep: step } : {}),
    evidence: [...(failure.evidence ?? []), { title: "Log of the failing step", url: `/runs/${run.id}${step ? `?step=${step}` : ""}` }],
  };
}

function explain(error: unknown, run: { id: string; title: string }): Failure {
  if (isStepFailure(error)) return { ...error.outcome, summary: error.outcome.summary ?? `${run.title} failed` };
  if (hasCode(error, "ENOSPC")) {
    return {
      summary: `${run.title} failed: the disk is full`,
      causeCode: "disk-full",
      cause: "The disk of the machine that runs environments is full.",
      whoCanFix: "platform-team",
      nextAction: "Free space in the data directory or delete environments that nobody needs, then retry.",
    };
  }
  if (isDomainError(error)) {
    return {
      summary: `${run.title} failed`,
      causeCode: error.code,
      cause: error.message,
      whoCanFix: error.code === "invalid" ? "you" : "platform-team",
      nextAction: "Correct what the cause names, then retry.",
    };
  }
  const reference = newId("request");
  log().error({ err: error, runId: run.id, reference }, "unexpected error in a run");
  return {
    summary: `${run.title} failed unexpectedly`,
    causeCode: "unexpected",
    cause: `Something unexpected happened (reference ${reference}).`,
    whoCanFix: "platform-team",
    nextAction: `Retry once. If it fails again, give the platform team the reference ${reference}.`,
  };
}

/** The outcome of a run that passed its deadline. */
export function deadlineOutcome(run: { id: string; title: string; deadlineMs: number }, step: string | null, startedEver: boolean): Outcome {
  const minutes = Math.max(1, Math.round(run.deadlineMs / 60_000));
  return {
    summary: `${run.title} did not finish in time`,
    causeCode: startedEver ? "deadline" : "no-worker",
    ...(step ? { failingStep: step } : {}),
    cause: startedEver ? `The run was stopped at its deadline of ${minutes} min.` : `No worker took the run within its deadline of ${minutes} min.`,
    whoCanFix: startedEver ? "you" : "platform-team",
    nextAction: startedEver ? "Read the log of the step that was running, then retry." : "Check that a worker is running (`waymark doctor`), then retry.",
    evidence: [{ title: "Log", url: `/runs/${run.id}` }],
  };
}

/** The outcome of a run whose workers died again and again. */
export function workerLostOutcome(run: { id: string; title: string }, claims: number): Outcome {
  return {
    summary: `${run.title} was given up`,
    causeCode: "worker-lost",
    cause: `The worker that did this run died ${claims} times.`,
    whoCanFix: "platform-team",
    nextAction: "Look for out-of-memory kills and restarts of the portal, then retry.",
    evidence: [{ title: "Log", url: `/runs/${run.id}` }],
  };
}

/** The outcome of a cancelled run. */
export function cancelledOutcome(run: { id: string; title: string; cancelReason: string | null }): Outcome {
  return {
    summary: `${run.title} was cancelled`,
    causeCode: "cancelled",
    cause: run.cancelReason ?? "Somebody cancelled the run.",
    whoCanFix: "you",
    nextAction: "Start it again if it is still needed.",
    evidence: [{ title: "Log", url: `/runs/${run.id}` }],
  };
}
