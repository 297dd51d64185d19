import type { RunContext, StepContext, StepPlan } from "@/lib/runs/engine/types";

/** A run kept in memory: same contract as the engine's, with checkpoints that outlive an execution. */
export interface MemoryRun {
  context: RunContext;
  /** What succeeded, by step name. */
  checkpoints: Map<string, unknown>;
  attempts: Map<string, number>;
  lines: string[];
  masked: string[];
  /** Name of the step that threw last. */
  failedStep: string | null;
  /** Milliseconds per step that succeeded. */
  tookMs: Map<string, number>;
  /** A new execution of the same run, as after a crash or a retry by a person. */
  again(): MemoryRun;
}

interface Options {
  runId?: string;
  plan?: StepPlan[];
  signal?: AbortSignal;
  /** Thrown instead of recording this step's success, as if the worker had died right after its effects. */
  dieAfter?: string;
}

/** A run for driver tests. `plan`: names that may be used; a step outside it throws, as in the engine. */
export function memoryRun(environmentId: string, { runId = "run_test", plan, signal = new AbortController().signal, dieAfter }: Options = {}, before?: MemoryRun): MemoryRun {
  const run: MemoryRun = {
    checkpoints: before?.checkpoints ?? new Map(),
    attempts: before?.attempts ?? new Map(),
    lines: before?.lines ?? [],
    masked: before?.masked ?? [],
    failedStep: null,
    tookMs: new Map(),
    again: () => memoryRun(environmentId, { runId, ...(plan ? { plan } : {}) }, run),
    context: {
      runId,
      environmentId,
      requestedBy: null,
      input: {},
      now: new Date(),
      signal,
      log: (text) => void run.lines.push(text),
      mask: (secret) => void run.masked.push(secret),
      step: <T>(name: string, body: (step: StepContext) => Promise<T>) => doStep(run, { name, signal, plan, dieAfter }, body),
    },
  };
  return run;
}

async function doStep<T>(
  run: MemoryRun,
  { name, signal, plan, dieAfter }: { name: string; signal: AbortSignal; plan: StepPlan[] | undefined; dieAfter: string | undefined },
  body: (step: StepContext) => Promise<T>,
): Promise<T> {
  if (plan && !plan.some((step) => step.name === name)) throw new Error(`step ${name} is not in the plan`);
  signal.throwIfAborted();
  if (run.checkpoints.has(name)) return run.checkpoints.get(name) as T;
  const attempt = (run.attempts.get(name) ?? 0) + 1;
  run.attempts.set(name, attempt);
  const begun = performance.now();
  try {
    const result = await body({ signal, attempt, log: (text) => void run.lines.push(text) });
    if (dieAfter === name) throw new Error(`died after ${name}`);
    // As in the table: what comes back later went through JSON.
    run.checkpoints.set(name, result === undefined ? null : JSON.parse(JSON.stringify(result)));
    run.tookMs.set(name, performance.now() - begun);
    return result;
  } catch (error) {
    run.failedStep = name;
    throw error;
  }
}
