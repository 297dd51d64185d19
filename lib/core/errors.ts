export const ERROR_CODES = ["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "rate_limited", "unavailable"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface FieldError {
  /** Dotted path of the input, for example `values.name`; empty for what no single field can put right. */
  path: string;
  message: string;
  /** Name of the guardrail that says so. */
  guardrail?: string;
}

/** An expected failure. The message says what happened and what to do next; code branches on `code` only. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  /** Seconds after which a repeat may succeed; only with `rate_limited` and `unavailable`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: { fields?: FieldError[]; cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "DomainError";
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A refusal by rules that people wrote. What is to be remembered of it is written after its transaction has rolled back. */
export class RefusedByRules extends DomainError {
  constructor(
    message: string,
    readonly about: { fields: FieldError[]; rules: string[]; teamId: string | null; remember: () => Promise<void> },
  ) {
    super("forbidden", message, { fields: about.fields });
  }
}

/** True for a DomainError, also one thrown by another bundle of this process. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === "DomainError" && "code" in error;
}
