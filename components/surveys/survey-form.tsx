"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent as ReactKeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { answerSurvey } from "@/lib/surveys/actions";
import type { Answers, Question } from "@/lib/surveys/contract";
import { type LanguageChoice, LanguageSwitch } from "./language-switch";
import { attemptOf, type Draft, useSurveyDraft } from "./survey-draft";
import { SurveyQuestion } from "./survey-question";

const LOST = "Your answers did not arrive. They are still here; send them again when the connection is back. They count once.";

/** The draft as it is sent: numbers for scores, lists for several choices, and nothing for what was left empty. */
function answersOf(draft: Draft, questions: Question[]): Answers {
  const given = questions.flatMap(({ item, kind, words }): [string, Answers[string]][] => {
    const value = draft[item];
    const text = words ? draft[words]?.trim() : undefined;
    const isEmpty = value === undefined || (kind === "text" && !value.trim());
    const answer = kind === "nps" ? Number(value) : kind === "choices" ? (value ?? "").split(",").filter(Boolean) : (value ?? "");
    return [...(isEmpty ? [] : [[item, answer] as [string, Answers[string]]]), ...(words && text ? [[words, text] as [string, Answers[string]]] : [])];
  });
  return Object.fromEntries(given);
}

interface Props extends LanguageChoice {
  survey: string;
  /** As they read in the language, each with the language that it is in where that is not the original. */
  questions: { question: Question; lang: string | undefined }[];
  /** Characters that a text may have. */
  mostCharacters: number;
  /** What is said above the button. */
  stored: ReactNode;
  children?: ReactNode;
}

/** The open survey in one of its languages; the draft and the answers are the same in all of them. */
export function SurveyForm({ survey, questions, languages, language, keptIn, mostCharacters, stored, children }: Props) {
  const { draft, set, forget } = useSurveyDraft(survey);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const router = useRouter();
  const answered = questions.filter(({ question }) => (draft[question.item] ?? "") !== "").length;
  useEffect(() => {
    if (Object.keys(errors).length) form.current?.querySelector<HTMLElement>("input[aria-invalid], textarea[aria-invalid]")?.focus();
  }, [errors]);

  // Somebody who has not clicked anything yet begins with the first question that is open.
  useEffect(() => {
    const begin = (event: KeyboardEvent) => {
      if (event.target !== document.body || !/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      const next = [...(form.current?.querySelectorAll<HTMLElement>(".scale, .choice") ?? [])].find((group) => !group.querySelector(":checked"));
      next?.querySelector("input")?.focus();
      next?.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true }));
    };
    document.addEventListener("keydown", begin);
    // From here on a key counts: what the page showed before came from the server.
    form.current?.setAttribute("data-ready", "");
    return () => document.removeEventListener("keydown", begin);
  }, []);
  const sendByKeys = (event: ReactKeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setMessage(null);
    try {
      const result = await answerSurvey({
        id: survey,
        answers: answersOf(
          draft,
          questions.map(({ question }) => question),
        ),
        attempt: attemptOf(survey),
      });
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
    <form ref={form} className="survey" onSubmit={send} onKeyDown={sendByKeys} noValidate>
      <div className={language === languages[0]?.code ? undefined : "translated"}>
        {languages.length > 1 ? (
          <div className="mb-4">
            <LanguageSwitch languages={languages} language={language} keptIn={keptIn} />
          </div>
        ) : null}
        {questions.map(({ question, lang }, index) => (
          <SurveyQuestion key={question.item} question={question} lang={lang} mostCharacters={mostCharacters} number={index + 1} draft={draft} errors={errors} set={set} />
        ))}
      </div>
      <aside className="ask stack-6" aria-label="What happens with your answers">
        {stored}
        <div className="stack">
          {message ? <Notice tone="danger">{message}</Notice> : null}
          <Button type="submit" variant="primary" pending={pending}>
            Send answers
          </Button>
          <span className="caption">
            {answered} of {questions.length} answered; only the first is needed. The draft stays in this browser.
          </span>
          <span className="caption hidden md:block">By keyboard: a number chooses, Tab goes on, Ctrl and Enter send.</span>
        </div>
        {children}
      </aside>
    </form>
  );
}
