import { DomainError, type ErrorCode } from "../core/errors";

export type GithubProblem =
  | "name-taken"
  | "missing-permission"
  | "single-sign-on"
  | "suspended"
  | "not-installed"
  | "ip-allow-list"
  | "plan"
  | "archived"
  | "bad-credentials"
  | "rate-limited"
  | "not-found"
  | "conflict"
  | "invalid"
  | "unavailable"
  | "unreachable"
  | "lost-answer";

export interface GithubOutcome {
  /** `name-taken` as from every provider of repositories, else `github-` and the problem. */
  causeCode: string;
  cause: string;
  whoCanFix: "you" | "team-owner" | "platform-team" | "provider";
  nextAction: string;
  evidence: { title: string; url: string }[];
}

interface Details {
  problem: GithubProblem;
  cause: string;
  whoCanFix: GithubOutcome["whoCanFix"];
  nextAction: string;
  status?: number | null;
  /** When a repeat may succeed. */
  retryAt?: Date | null;
  /** True when GitHub may have done it although no good answer came. */
  mayHaveHappened?: boolean;
  /** Such as `administration=write`, from GitHub's own header. */
  permissions?: string[];
  evidence?: GithubOutcome["evidence"];
}

const CODES: Partial<Record<GithubProblem, ErrorCode>> = {
  "name-taken": "conflict",
  conflict: "conflict",
  "rate-limited": "rate_limited",
  "not-found": "not_found",
  invalid: "invalid",
};

/** A refusal or loss on the way to GitHub, explained. `outcome` is what a StepFailure takes. */
export class GithubFailure extends Error {
  /** By name: the one client of the process may throw the class of another bundle. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "GithubFailure";
  }

  readonly problem: GithubProblem;
  readonly status: number | null;
  readonly retryAt: Date | null;
  readonly mayHaveHappened: boolean;
  readonly permissions: string[];
  readonly outcome: GithubOutcome;

  constructor(details: Details, options?: { cause?: unknown }) {
    super(details.cause, options);
    this.name = "GithubFailure";
    this.problem = details.problem;
    this.status = details.status ?? null;
    this.retryAt = details.retryAt ?? null;
    this.mayHaveHappened = details.mayHaveHappened ?? false;
    this.permissions = details.permissions ?? [];
    const { problem, cause, whoCanFix, nextAction, evidence = [] } = details;
    this.outcome = { causeCode: problem === "name-taken" ? problem : `github-${problem}`, cause, whoCanFix, nextAction, evidence };
  }

  /** The same for a person who waits for an answer; `now` only counts the seconds until a repeat. */
  asDomainError(now: Date): DomainError {
    const wait = this.retryAt ? Math.max(1, Math.ceil((this.retryAt.getTime() - now.getTime()) / 1000)) : undefined;
    const code = CODES[this.problem] ?? "unavailable";
    return new DomainError(code, `${this.message} ${this.outcome.nextAction}`, { cause: this, ...(wait ? { retryAfterSeconds: wait } : {}) });
  }
}

/** True for a GithubFailure, of the given problem where one is named. */
export function isGithubFailure(error: unknown, ...problems: GithubProblem[]): error is GithubFailure {
  return error instanceof GithubFailure && (problems.length === 0 || problems.includes(error.problem));
}
