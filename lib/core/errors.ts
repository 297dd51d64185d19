export const ERROR_CODES = ["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "rate_limited", "unavailable"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface FieldError {
  /** Dotted path of the input, for example `values.name`. */
  path: string;
  message: string;
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

/** True for a DomainError, also one thrown by another bundle of this process. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === "DomainError" && "code" in error;
}
