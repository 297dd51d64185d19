import { useCallback, useRef, useState } from "react";
import type { Values } from "@/components/form/schema-form";
import type { PathTestRun } from "@/lib/golden-paths/contract";
import type { Run } from "@/lib/runs/contract";
import { ApiProblem, type EditorServer } from "./api";

export interface TestRuns {
  tests: PathTestRun[];
  /** The run of the newest one, if it can be seen. */
  run: Run | null;
  /** When `run` was read. */
  now: string;
}

export type TestState = TestRuns & { pending: boolean; problem: string | null };

/** The test runs of what is edited. `start` tells what was wrong with the answers, by question. */
export function useTestRun(server: EditorServer, initial: TestRuns) {
  const [state, setState] = useState<TestState>({ ...initial, pending: false, problem: null });
  // Set at once, unlike the state: the second click of two is not a second run.
  const starting = useRef(false);
  const refresh = useCallback(async () => {
    const tests = await server.tests().catch(() => null);
    if (tests) setState((before) => ({ ...before, tests }));
  }, [server]);
  const start = useCallback(
    async (save: () => Promise<boolean>, revision: () => number, values: Values): Promise<Record<string, string>> => {
      if (starting.current) return {};
      starting.current = true;
      setState((before) => ({ ...before, pending: true, problem: null }));
      const fail = (problem: string) => setState((before) => ({ ...before, pending: false, problem }));
      try {
        if (!(await save())) {
          fail("What you typed could not be saved, so nothing was tried. Look at the notice above the editor.");
          return {};
        }
        const { testRun, run } = await server.startTest(revision(), values);
        setState((before) => ({ tests: [testRun, ...before.tests], run, now: run.createdAt, pending: false, problem: null }));
        return {};
      } catch (error) {
        fail(error instanceof ApiProblem ? error.message : "The portal does not answer. Try again.");
        const fields = error instanceof ApiProblem ? error.fields.filter((field) => field.path.startsWith("values.")) : [];
        return Object.fromEntries(fields.map(({ path, message }) => [path.slice("values.".length), message]));
      } finally {
        starting.current = false;
      }
    },
    [server],
  );
  return { state, start, refresh };
}
