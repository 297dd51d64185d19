"use client";

import { useEffect, useState } from "react";
import { readCommitChoice } from "@/lib/environments/actions";
import type { CommitChoice } from "@/lib/environments/contract";

const PAUSE_MS = 250;

/** What a ref means, asked a moment after the last key; `error` says what exists instead. */
export function useCommitChoice(entityRef: string, ref: string, isOpen: boolean) {
  const [choice, setChoice] = useState<CommitChoice | null>(null);
  const [error, setError] = useState<string | undefined>();
  useEffect(() => {
    const wanted = ref.trim();
    if (!isOpen || !wanted) return;
    let current = true;
    const timer = setTimeout(async () => {
      const result = await readCommitChoice({ entityRef, ref: wanted });
      if (!current) return;
      setChoice(result.ok ? result.data : null);
      setError(result.ok ? undefined : result.error.message);
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [entityRef, ref, isOpen]);
  const isFor = choice?.ref === ref.trim();
  return { choice: isFor ? choice : null, error: ref.trim() ? error : undefined, setError };
}
