"use client";

import { useEffect, useRef, useState } from "react";
import type { PathCheck } from "@/lib/golden-paths/contract";
import { ApiProblem, type EditorServer } from "./api";
import type { DraftSnapshot } from "./draft-store";

/** Short enough to feel at once, long enough that a fast typist causes one check per word. */
const PAUSE_MS = 80;

interface Check {
  check: PathCheck;
  /** Milliseconds from the last change to its remarks. */
  tookMs: number | null;
  problem: string | null;
}

/** The remarks on the draft with what is typed but not saved; a newer change drops the check of an older one. While `isPublishing` nothing new is asked: the draft ends with it. */
export function useCheck(server: EditorServer, initial: PathCheck, snapshot: DraftSnapshot, unsaved: () => { path: string; text: string }[], isPublishing: boolean): Check {
  const [state, setState] = useState<Check>({ check: initial, tookMs: null, problem: null });
  const isFirst = useRef(true);
  const { draft, texts } = snapshot;
  // Saving alone changes no remark: what is not saved yet is sent along.
  const paths = draft.files.map((file) => file.path).join("\n");
  const typed = useRef(unsaved);
  typed.current = unsaved;
  const stopped = useRef(isPublishing);
  stopped.current = isPublishing;
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (stopped.current) return;
    const started = performance.now();
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const check = await server.check(typed.current(), stop.signal);
        setState({ check, tookMs: performance.now() - started, problem: null });
      } catch (error) {
        if (stop.signal.aborted) return;
        const problem = error instanceof ApiProblem ? error.message : "The check does not answer. Remarks are those of the last one.";
        setState((before) => ({ ...before, problem }));
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [texts, server, paths]);
  return state;
}
