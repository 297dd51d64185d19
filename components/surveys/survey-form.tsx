"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { answerSurvey } from "@/lib/surveys/actions";
import { MAX_COMMENT, type Survey } from "@/lib/surveys/contract";
import { attemptOf, type Draft, useSurveyDraft } from "./survey-draft";
import { SurveyQuestion } from "./survey-question";
import { WhatIsStored } from "./what-is-stored";

const LOST = "Your answers did not arrive. They are still here; send them again when the connection is back. They count once.";

function answersOf({ score, comment, ...rest }: Draft, asked: Set<string>) {
  const chosen = Object.fromEntries(Object.entries(rest).filter(([item]) => asked.has(item)));
  return { ...chosen, ...(score === undefined ? {} : { score: Number(score) }), ...(comment?.trim() ? { comment } : {}) } as Parameters<typeof answerSurvey>[0]["answers"];
}

export function SurveyForm({ survey }: { survey: Survey }) {
  const { draft, set, forget } = useSurveyDraft(survey.id);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const router = useRouter();
  const answered = survey.questions.filter((question) => draft[question.item] !== undefined).length;
  useEffect(() => {
    if (Object.keys(errors).length) form.current?.querySelector<HTMLElement>("input[aria-invalid], textarea[aria-invalid]")?.focus();
  }, [errors]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setMessage(null);
    try {
      const result = await answerSurvey({ id: survey.id, answers: answersOf(draft, new Set(survey.questions.map(({ item }) => item))), attempt: attemptOf(survey.id) });
      if (result.ok) forget();
      setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path.replace(/^answers\./, ""), field.message])));
      setMessage(result.ok || result.error.fields.length ? null : result.error.message);
      if (result.ok) router.refresh();
    } catch {
      setMessage(LOST);
    } finally {
      setPending(false);
    }
  };

  return (
    <form ref={form} className="survey" onSubmit={send} noValidate>
      <div>
        {survey.questions.map((question, index) => (
          <SurveyQuestion
            key={question.item}
            question={question}
            number={index + 1}
            value={draft[question.item]}
            error={errors[question.item]}
            onChange={(value) => set(question.item, value)}
          >
            {question.item === "reason" ? (
              <div className="field mt-2">
                <textarea
                  className="input"
                  rows={2}
                  maxLength={MAX_COMMENT}
                  aria-label="The reason in your own words, optional"
                  placeholder="Optional, in your own words"
                  value={draft.comment ?? ""}
                  aria-invalid={errors.comment ? true : undefined}
                  onChange={(event) => set("comment", event.target.value)}
                />
                {errors.comment ? (
                  <span className="error" role="alert">
                    {errors.comment}
                  </span>
                ) : null}
              </div>
            ) : null}
          </SurveyQuestion>
        ))}
      </div>
      <aside className="ask stack-6" aria-label="What happens with your answers">
        <WhatIsStored />
        <div className="stack">
          {message ? <Notice tone="danger">{message}</Notice> : null}
          <Button type="submit" variant="primary" pending={pending}>
            Send answers
          </Button>
          <span className="caption">
            {answered} of {survey.questions.length} answered; only the first is needed. The draft stays in this browser.
          </span>
        </div>
      </aside>
    </form>
  );
}
