import { useEffect, useRef } from "react";
import type { Values } from "@/components/form/schema-form";
import type { GoldenPath } from "@/lib/golden-paths/contract";

// What was answered so far stays in this browser, so that a reload or a closed tab loses nothing. Secrets are never kept.

const KEY = "waymark:answers:";
const KEPT_MS = 7 * 86_400_000;

interface Draft {
  at: number;
  answers: Values;
}

/** Brings the kept answers of the path back once it is chosen, and keeps every change. */
export function useAnswersDraft(path: GoldenPath | undefined, answers: Values, onAnswers: (answers: Values) => void): void {
  const restored = useRef<string | null>(null);
  useEffect(() => {
    if (!path) return;
    if (restored.current !== path.name) {
      restored.current = path.name;
      const kept = read(path.name);
      if (kept) onAnswers({ ...answers, ...kept });
      return;
    }
    const open = Object.fromEntries(Object.entries(answers).filter(([name]) => !path.secretQuestions.includes(name)));
    write(path.name, { at: Date.now(), answers: open });
  }, [path, answers, onAnswers]);
}

/** Once it is made, the answers are of no use. */
export function forgetAnswers(path: string): void {
  try {
    localStorage.removeItem(KEY + path);
  } catch {
    // A browser without storage kept nothing.
  }
}

function read(path: string): Values | null {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY + path) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEPT_MS ? draft.answers : null;
  } catch {
    return null;
  }
}

function write(path: string, draft: Draft): void {
  try {
    localStorage.setItem(KEY + path, JSON.stringify(draft));
  } catch {
    // Full or forbidden: the form works without.
  }
}
