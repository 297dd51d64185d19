"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { PathCheck } from "@/lib/golden-paths/contract";
import { ApiProblem, type EditorServer } from "./api";
import type { DraftSnapshot } from "./draft-store";

interface Check {
  check: PathCheck;
  /** Milliseconds from the last change to its remarks. */
  tookMs: number | null;
  problem: string | null;
}

/**
 * The remarks on the draft with what is typed but not saved. One check is under way at a time, begun with the first letter; what was typed meanwhile is checked next.
 * While `isPublishing` nothing new is asked: the draft ends with it.
 */
export function useCheck(server: EditorServer, initial: PathCheck, snapshot: DraftSnapshot, unsaved: () => { path: string; text: string }[], isPublishing: boolean): Check {
  const [state, setState] = useState<Check>({ check: initial, tookMs: null, problem: null });
  const { draft, texts } = snapshot;
  // Saving alone changes no remark: what is not saved yet is sent along.
  const paths = draft.files.map((file) => file.path).join("\n");
  const typed = useRef(unsaved);
  typed.current = unsaved;
  const isStopped = useRef(isPublishing);
  isStopped.current = isPublishing;
  const changedAt = useRef<number | null>(null);
  const under = useRef<AbortController | null>(null);

  const work = useCallback(async () => {
    if (under.current) return;
    const stop = new AbortController();
    under.current = stop;
    try {
      while (changedAt.current !== null && !isStopped.current && !stop.signal.aborted) {
        const begun = changedAt.current;
        changedAt.current = null;
        const next = await answer(server, typed.current(), stop.signal);
        if (next) setState((before) => ({ ...before, ...next, ...(next.problem === null ? { tookMs: performance.now() - begun } : {}) }));
      }
    } finally {
      if (under.current === stop) under.current = null;
    }
  }, [server]);

  const seen = useRef({ texts, paths });
  useEffect(() => {
    if (seen.current.texts === texts && seen.current.paths === paths) return;
    seen.current = { texts, paths };
    changedAt.current ??= performance.now();
    void work();
  }, [texts, paths, work]);
  useEffect(
    () => () => {
      under.current?.abort();
      under.current = null;
    },
    [],
  );
  return state;
}

/** What the check says, or why it says nothing; null for one that was given up. */
async function answer(server: EditorServer, unsaved: { path: string; text: string }[], signal: AbortSignal): Promise<Partial<Check> | null> {
  try {
    return { check: await server.check(unsaved, signal), problem: null };
  } catch (error) {
    if (signal.aborted) return null;
    return { problem: error instanceof ApiProblem ? error.message : "The check does not answer. Remarks are those of the last one." };
  }
}
