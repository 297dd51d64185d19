import type { Tx } from "@/db/client";
import type { LogLevel, Outcome } from "../contract";

export interface StepPlan {
  name: string;
  title: string;
}

export interface StepContext {
  /** Aborts when the run is cancelled, loses its lease or passes its deadline. */
  signal: AbortSignal;
  /** 1 at the first try; a repeat after a crash or a retry counts up. */
  attempt: number;
  log(text: string, level?: LogLevel): void;
}

export interface RunContext<Input = Record<string, unknown>> {
  runId: string;
  environmentId: string | null;
  requestedBy: string | null;
  input: Input;
  /** Fixed at the begin of this execution, read from Postgres. */
  now: Date;
  signal: AbortSignal;
  log(text: string, level?: LogLevel): void;
  /** From here on the value never appears in the log: raw, base64, URL-encoded, JSON-escaped. */
  mask(secret: string): void;
  /**
   * Does a planned step at least once and returns its checkpoint; a step that already succeeded is not done again.
   * The body must be create-or-get: it may be repeated after a crash at any instant.
   */
  step<T>(name: string, body: (step: StepContext) => Promise<T>): Promise<T>;
}

/** A failure with its explanation; anything else thrown in a step is reported as unexpected, with a reference. */
export class StepFailure extends Error {
  constructor(
    readonly outcome: Omit<Outcome, "evidence" | "failingStep" | "summary"> & { causeCode: string; cause: string; summary?: string; evidence?: Outcome["evidence"] },
    options?: { cause?: unknown },
  ) {
    super(outcome.cause, options);
    this.name = "StepFailure";
  }
}

/** Thrown by `waitOutside`: the run waits, and nobody holds it until it is resumed. Whoever catches errors lets this one pass. */
export class SetAside extends Error {
  constructor() {
    super("the run was set aside");
    this.name = "SetAside";
  }
}

/** What a run kind gets: the context for drivers, plus writes that a worker which lost the run cannot make. */
export interface EngineRun<Input = Record<string, unknown>> extends RunContext<Input> {
  /** 1 at first, +1 for each retry by a person. */
  attempt: number;
  /** One transaction that only takes effect while this worker still holds the run. */
  commit<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Returns what `ready` finds. While it finds nothing (null) the run is set aside: it keeps no worker busy, and `resumeRun`
   * (or `againAfterMs`, in steps of about two seconds) brings it back to the step that was under way.
   */
  waitOutside<T>(ready: (tx: Tx) => Promise<T | null>, options?: { againAfterMs?: number }): Promise<T>;
}

export interface EndedRun<Input = Record<string, unknown>> {
  runId: string;
  environmentId: string | null;
  requestedBy: string | null;
  input: Input;
  now: Date;
  status: "succeeded" | "failed" | "cancelled";
  outcome: Outcome;
}

export interface RunKind<Input = Record<string, unknown>> {
  kind: string;
  /** A run never lasts longer than this, counted from its start or retry. */
  deadlineMs: number;
  plan(input: Input): StepPlan[];
  /** Returns the outcome of success; throws StepFailure for a foreseen failure. */
  execute(run: EngineRun<Input>): Promise<Pick<Outcome, "summary"> & Partial<Outcome>>;
  /** What the deadline means for this kind, over the general words; `step` is the one that was under way. */
  atDeadline?(run: { input: Input; deadlineMs: number }, step: string | null): Partial<Outcome>;
  /** In the transaction that ends the run, also when its worker died past the deadline. */
  onEnd?(tx: Tx, run: EndedRun<Input>): Promise<void>;
}
