"use client";

import { CircleAlert } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { Question } from "@/lib/surveys/contract";
import { SurveyWords } from "./survey-words";

const TWO_KEYS_MS = 900;

interface Props {
  question: Question;
  /** The language into which it is translated. */
  lang: string | undefined;
  /** Characters that a text may have. */
  mostCharacters: number;
  number: number;
  draft: Record<string, string>;
  errors: Record<string, string>;
  set: (item: string, value: string) => void;
}

/** One question of the form with everything that goes with it. A draft keeps several choices as one text, separated by commas. */
export function SurveyQuestion({ question, lang, mostCharacters, number, draft, errors, set }: Props) {
  const { item, kind, text, help, ends, required, words } = question;
  const error = errors[item];
  const described = [help ? `${item}-help` : "", error ? `${item}-error` : ""].join(" ").trim() || undefined;
  return (
    <section className="q" lang={lang} dir="auto">
      <h2 id={`${item}-text`}>
        <span className="muted font-normal">{number}</span> {text}
        {required ? <span className="sr"> (required)</span> : null}
      </h2>
      {help ? (
        <p className="muted" id={`${item}-help`} dir="auto">
          {help}
        </p>
      ) : null}
      {kind === "text" ? (
        <SurveyWords most={mostCharacters} name={item} label={text} value={draft[item] ?? ""} error={error} onChange={(value) => set(item, value)} />
      ) : (
        <Options question={question} value={draft[item]} error={error} described={described} onChange={(value) => set(item, value)} />
      )}
      {ends ? (
        <div className="ends caption">
          <span dir="auto">{ends[0]}</span>
          <span dir="auto">{ends[1]}</span>
        </div>
      ) : null}
      {error && kind !== "text" ? (
        <p className="field mt-2">
          <span className="error" id={`${item}-error`} role="alert">
            <CircleAlert className="i" aria-hidden />
            {error}
          </span>
        </p>
      ) : null}
      {words ? (
        <SurveyWords
          most={mostCharacters}
          name={words}
          label="The reason in your own words, optional"
          value={draft[words] ?? ""}
          error={errors[words]}
          onChange={(value) => set(words, value)}
        />
      ) : null}
    </section>
  );
}

interface OptionsProps {
  question: Question;
  value: string | undefined;
  error: string | undefined;
  described: string | undefined;
  onChange: (value: string) => void;
}

/** Radio buttons or check boxes that also listen to the number keys: 1 then 0 is 10 on the scale, 1 to 9 is the place of a choice. */
function Options({ question, value, error, described, onChange }: OptionsProps) {
  const { item, kind, options, required } = question;
  const lastOne = useRef(0);
  const isMany = kind === "choices";
  const chosen = new Set(isMany ? value?.split(",").filter(Boolean) : value === undefined ? [] : [value]);
  const choose = (one: string) => {
    if (!isMany) return onChange(one);
    const after = new Set(chosen);
    if (!after.delete(one)) after.add(one);
    onChange([...after].join(","));
  };
  const press = (event: KeyboardEvent) => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const isTen = kind === "nps" && event.key === "0" && event.timeStamp - lastOne.current < TWO_KEYS_MS;
    lastOne.current = event.key === "1" ? event.timeStamp : 0;
    const pressed = kind === "nps" ? options.find((one) => one.value === (isTen ? "10" : event.key)) : options[Number(event.key) - 1];
    if (!pressed) return;
    choose(pressed.value);
    document.getElementById(`${item}-${pressed.value}`)?.focus();
  };
  const boxes = options.map((option) => (
    <label key={option.value}>
      <input
        type={isMany ? "checkbox" : "radio"}
        id={`${item}-${option.value}`}
        name={item}
        value={option.value}
        checked={chosen.has(option.value)}
        aria-invalid={error ? true : undefined}
        onChange={() => choose(option.value)}
      />
      {option.label}
    </label>
  ));
  if (isMany) {
    return (
      <fieldset className="mt-2 choice" aria-labelledby={`${item}-text`} aria-describedby={described} onKeyDown={press}>
        {boxes}
      </fieldset>
    );
  }
  return (
    <div
      className={`mt-2 ${kind === "nps" ? "scale" : "choice"}`}
      role="radiogroup"
      aria-labelledby={`${item}-text`}
      aria-describedby={described}
      aria-required={required || undefined}
      aria-invalid={error ? true : undefined}
      onKeyDown={press}
    >
      {boxes}
    </div>
  );
}
