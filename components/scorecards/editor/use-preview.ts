"use client";

import { useAnswer } from "@/components/ui/use-answer";
import { previewScorecard } from "@/lib/scorecards/actions";
import type { Preview } from "@/lib/scorecards/contract";
import { appliesToOf, type Draft } from "./draft";

/** What the draft would say, asked for once typing rests. */
export function usePreview(draft: Draft, entityRef: string): { preview: Preview | null; problem: string | null; isStale: boolean } {
  const asked = {
    appliesTo: appliesToOf(draft),
    levels: draft.levels,
    checks: draft.checks.map(({ key, level, condition }) => ({ id: key, level, condition })),
    ...(entityRef.trim() ? { entityRef: entityRef.trim() } : {}),
  };
  const { answer, ...rest } = useAnswer(asked, previewScorecard);
  return { preview: answer, ...rest };
}
