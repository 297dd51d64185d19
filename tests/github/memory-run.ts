import { db } from "@/db/client";
import type { EngineRun } from "@/lib/runs/engine/types";
import { memoryRun } from "@/tests/setup/run-context";

/** A run for provider tests; what it says is in `lines`. */
export function anEngineRun(): EngineRun & { lines: string[]; masked: string[] } {
  const { context, lines, masked } = memoryRun("env_none");
  return { ...context, attempt: 1, commit: (work) => db().transaction(work), waitOutside: neverWaits, lines, masked };
}

const neverWaits = (): Promise<never> => Promise.reject(new Error("a provider does not set its run aside"));
