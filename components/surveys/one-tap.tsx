"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { useSubmit } from "@/components/ui/use-submit";
import { answerOneTap } from "@/lib/surveys/actions";
import type { Question } from "@/lib/surveys/contract";
import { type LanguageChoice, LanguageSwitch } from "./language-switch";

type Answer = "yes" | "partly" | "no";
const isAnswer = (value: string): value is Answer => ["yes", "partly", "no"].includes(value);

interface Props extends LanguageChoice {
  /** The one, as it reads in the language. */
  questions: { question: Question; lang: string | undefined }[];
}

/** One question after a run, answered by one tap, at most once in 14 days. */
export function OneTap({ questions, languages, language, keptIn }: Props) {
  const [state, setState] = useState<"asking" | "thanks" | "away">("asking");
  const { pending, message, submit } = useSubmit();
  const say = (answer: Answer | null) =>
    submit(
      () => answerOneTap({ answer }),
      () => setState(answer ? "thanks" : "away"),
    );
  if (state === "away") return null;
  if (state === "thanks") {
    return (
      <p className="muted mb-4" role="status">
        Thank you. Your answer is kept apart from your name and from this run.
      </p>
    );
  }
  const [asked] = questions;
  if (!asked) return null;
  return (
    <section className="line wrap mb-4" aria-labelledby="one-tap">
      <h2 id="one-tap" className="font-normal" lang={asked.lang} dir="auto">
        {asked.question.text}
      </h2>
      {asked.question.options.map(({ value, label }) => (
        <Button key={value} size="sm" pending={pending} lang={asked.lang} onClick={() => (isAnswer(value) ? say(value) : undefined)}>
          {label}
        </Button>
      ))}
      <Button size="sm" variant="quiet" onClick={() => say(null)}>
        Not now
      </Button>
      <span className="caption">
        {message ? (
          <span className="t-danger" role="alert">
            {message}
          </span>
        ) : (
          <Link className="link" href="/survey/confidentiality">
            Confidential
          </Link>
        )}
      </span>
      <LanguageSwitch languages={languages} language={language} keptIn={keptIn} />
    </section>
  );
}
