"use client";

import { useEffect, useRef, useState } from "react";
import { LOST } from "@/components/ui/lost";
import { previewScorecard } from "@/lib/scorecards/actions";
import type { Preview } from "@/lib/scorecards/contract";
import { appliesToOf, type Draft } from "./draft";

const REST_MS = 350;

/** What the draft would say, asked for once typing rests. The last answer stays until the next is there. */
export function usePreview(draft: Draft, entityRef: string): { preview: Preview | null; problem: string | null; isStale: boolean } {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [answered, setAnswered] = useState("");
  const newest = useRef("");
  const asked = JSON.stringify({
    appliesTo: appliesToOf(draft),
    levels: draft.levels,
    checks: draft.checks.map(({ key, level, condition }) => ({ id: key, level, condition })),
    ...(entityRef.trim() ? { entityRef: entityRef.trim() } : {}),
  });
  newest.current = asked;
  useEffect(() => {
    const timer = setTimeout(async () => {
      const result = await previewScorecard(JSON.parse(asked)).catch(() => null);
      // Somebody has typed on: the answer is to another question.
      if (newest.current !== asked) return;
      setAnswered(asked);
      setProblem(result ? (result.ok ? null : result.error.message) : LOST);
      if (result?.ok) setPreview(result.data);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return { preview, problem, isStale: answered !== asked };
}
