"use client";

import { useEffect, useRef, useState } from "react";
import type { ActionResult } from "@/lib/core/action";
import { LOST } from "./lost";

const REST_MS = 350;

/**
 * What the server says of something that is being typed, asked for once typing rests. The last answer stays until the next is there.
 * `question` is null while there is nothing to ask; `ask` is a server action.
 */
export function useAnswer<Q, A>(question: Q | null, ask: (question: Q) => Promise<ActionResult<A>>): { answer: A | null; problem: string | null; isStale: boolean } {
  const [answer, setAnswer] = useState<A | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [answered, setAnswered] = useState("");
  const asked = question === null ? "" : JSON.stringify(question);
  const newest = useRef("");
  newest.current = asked;
  const call = useRef(ask);
  call.current = ask;
  useEffect(() => {
    if (asked === "") return;
    const timer = setTimeout(async () => {
      const result = await call.current(JSON.parse(asked) as Q).catch(() => null);
      // Somebody has typed on: the answer is to another question.
      if (newest.current !== asked) return;
      setAnswered(asked);
      setProblem(result ? (result.ok ? null : result.error.message) : LOST);
      if (result?.ok) setAnswer(result.data);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return { answer, problem, isStale: answered !== asked };
}
