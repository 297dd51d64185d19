import { DomainError, type ErrorCode } from "../core/errors";

export type HostProblem = "name-taken" | "not-found" | "bad-credentials" | "missing-permission" | "rate-limited" | "conflict" | "invalid" | "unreachable" | "unavailable";

interface Details {
  problem: HostProblem;
  cause: string;
  whoCanFix: "you" | "team-owner" | "platform-team" | "provider";
  nextAction: string;
  status?: number | undefined;
  /** True when the host may have done it although no good answer came. */
  mayHaveHappened?: boolean;
  evidence?: { title: string; url: string }[];
}

const CODES: Partial<Record<HostProblem, ErrorCode>> = {
  "name-taken": "conflict",
  conflict: "conflict",
  "rate-limited": "rate_limited",
  "not-found": "not_found",
  invalid: "invalid",
};

/** A refusal or loss on the way to a host, explained. `outcome` is what a StepFailure takes. */
export class HostFailure extends Error {
  readonly problem: HostProblem;
  readonly status: number | null;
  readonly mayHaveHappened: boolean;
  readonly outcome: { causeCode: string; cause: string; whoCanFix: Details["whoCanFix"]; nextAction: string; evidence: { title: string; url: string }[] };

  constructor(details: Details, options?: { cause?: unknown }) {
    super(details.cause, options);
    const { problem, cause, whoCanFix, nextAction, evidence = [], status = null, mayHaveHappened = false } = details;
    this.name = "HostFailure";
    this.problem = problem;
    this.status = status;
    this.mayHaveHappened = mayHaveHappened;
    this.outcome = { causeCode: problem === "name-taken" ? problem : `host-${problem}`, cause, whoCanFix, nextAction, evidence };
  }

  /** The same for a person who waits for an answer. */
  asDomainError(): DomainError {
    return new DomainError(CODES[this.problem] ?? "unavailable", `${this.message} ${this.outcome.nextAction}`, { cause: this });
  }
}

/** True for a HostFailure with one of these problems, or with any. */
export function isHostFailure(error: unknown, ...problems: HostProblem[]): error is HostFailure {
  return error instanceof HostFailure && (problems.length === 0 || problems.includes(error.problem));
}
