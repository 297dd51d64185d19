"use client";

import { CircleAlert } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { Question } from "@/lib/surveys/contract";

const TWO_KEYS_MS = 900;

interface Props {
  question: Question;
  number: number;
  value: string | undefined;
  error: string | undefined;
  onChange: (value: string) => void;
  children?: React.ReactNode;
}

/** One question as a group of radio buttons that also listens to the number keys: 1 then 0 is 10 on the scale, 1 to 9 is the place of a choice. */
export function SurveyQuestion({ question, number, value, error, onChange, children }: Props) {
  const { item, kind, text, help, options, ends, required } = question;
  const lastOne = useRef(0);
  const press = (event: KeyboardEvent) => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const isTen = kind === "scale" && event.key === "0" && event.timeStamp - lastOne.current < TWO_KEYS_MS;
    lastOne.current = event.key === "1" ? event.timeStamp : 0;
    const chosen = kind === "scale" ? options.find((one) => one.value === (isTen ? "10" : event.key)) : options[Number(event.key) - 1];
    if (!chosen) return;
    onChange(chosen.value);
    document.getElementById(`${item}-${chosen.value}`)?.focus();
  };
  return (
    <section className="q">
      <h2 id={`${item}-text`}>
        <span className="muted font-normal">{number}</span> {text}
        {required ? <span className="sr"> (required)</span> : null}
      </h2>
      {help ? (
        <p className="muted" id={`${item}-help`}>
          {help}
        </p>
      ) : null}
      <div
        className={`mt-2 ${kind}`}
        role="radiogroup"
        aria-labelledby={`${item}-text`}
        aria-describedby={[help ? `${item}-help` : "", error ? `${item}-error` : ""].join(" ").trim() || undefined}
        aria-required={required || undefined}
        aria-invalid={error ? true : undefined}
        onKeyDown={press}
      >
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              id={`${item}-${option.value}`}
              name={item}
              value={option.value}
              checked={value === option.value}
              aria-invalid={error ? true : undefined}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {ends ? (
        <div className="ends caption">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      ) : null}
      {error ? (
        <p className="field mt-2">
          <span className="error" id={`${item}-error`} role="alert">
            <CircleAlert className="i" aria-hidden />
            {error}
          </span>
        </p>
      ) : null}
      {children}
    </section>
  );
}
