"use client";

import { useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import type { Question } from "@/lib/surveys/contract";
import { linesOf, optionsOf } from "./option-lines";

interface Props {
  /** Begins the ids of its fields; the item where it is left out. */
  id?: string;
  question: Question;
  /** Errors by field of the question: text, help, options. */
  errors: Record<string, string | undefined>;
  onChange: (question: Question) => void;
}

/** Wording and options of one question. */
export function QuestionFields({ id, question, errors, onChange }: Props) {
  const { item, kind, text, help, options } = question;
  const at = id ?? item;
  const [lines, setLines] = useState(() => linesOf(options, kind));
  const [first] = useState(options);
  const change = (typed: string) => {
    setLines(typed);
    onChange({ ...question, options: optionsOf(typed, kind, first) });
  };
  const withHelp = (typed: string) => {
    const { help: _before, ...rest } = question;
    onChange(typed ? { ...rest, help: typed } : rest);
  };
  const hasOptions = kind !== "nps" && kind !== "text";
  return (
    <div className="stack-4 mt-2">
      <Field id={`${at}-wording`} label="Question" help="A changed wording or option begins a new series; the months before stay as they are." error={errors.text}>
        <textarea
          {...fieldProps(`${at}-wording`, errors.text, true)}
          className="input"
          rows={2}
          maxLength={200}
          value={text}
          onChange={(event) => onChange({ ...question, text: event.target.value })}
        />
      </Field>
      <Field id={`${at}-hint`} label="Help, optional" error={errors.help}>
        <input
          {...fieldProps(`${at}-hint`, errors.help)}
          className="input"
          maxLength={200}
          value={help ?? ""}
          autoComplete="off"
          onChange={(event) => withHelp(event.target.value)}
        />
      </Field>
      {hasOptions ? (
        <Field
          id={`${at}-choices`}
          label="Options"
          help={kind === "bucket" ? "One a line, with the number that it stands for: 1–2 = 1.5. Without a number it counts as “does not apply”." : "One a line."}
          error={errors.options}
        >
          <textarea
            {...fieldProps(`${at}-choices`, errors.options, true)}
            className="input mono"
            rows={Math.min(12, Math.max(3, options.length))}
            value={lines}
            onChange={(event) => change(event.target.value)}
          />
        </Field>
      ) : null}
    </div>
  );
}
