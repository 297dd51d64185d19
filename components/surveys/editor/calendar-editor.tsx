"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { fieldProps } from "@/components/ui/field";
import { SectionHead } from "@/components/ui/page-head";
import { CALENDAR, KIND_WORDS, type Kind, LIBRARY, type Question } from "@/lib/surveys/contract";
import { ownQuestion } from "./own-question";
import { QuestionFields } from "./question-fields";

const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2000, month, 1)).toLocaleDateString("en-GB", { month: "long", timeZone: "UTC" }));
const OWN_KINDS: Kind[] = ["rating", "choice", "choices", "bucket", "text"];
const OWN = "own:";

interface Props {
  calendar: Question[];
  /** Names that a question of one's own cannot have. */
  taken: Set<string>;
  /** The month of the next survey: `2026-12`. */
  period: string;
  /** False where the form does not ask the question that changes. */
  isAsked: boolean;
  /** Errors of a month's question by field. */
  errorsOf: (month: number) => Record<string, string | undefined>;
  onChange: (calendar: Question[]) => void;
}

/** Which question is asked in which month. The same one in two months is edited in both. */
export function CalendarEditor({ calendar, taken, period, isAsked, errorsOf, onChange }: Props) {
  const [open, setOpen] = useState<number | null>(null);
  const next = Number(period.slice(5, 7)) - 1;
  const own = calendar.filter(({ item }, place) => !LIBRARY.some((one) => one.item === item) && calendar.findIndex((one) => one.item === item) === place);
  const options = [
    ...[...LIBRARY, ...own].map(({ item, text }) => ({ value: item, label: calendar.find((one) => one.item === item)?.text || text || "No wording yet" })),
    ...OWN_KINDS.map((kind) => ({ value: OWN + kind, label: `One of your own: ${KIND_WORDS[kind].toLowerCase()}` })),
  ];
  const put = (month: number, question: Question) => onChange(calendar.map((one, at) => (at === month || one.item === question.item ? question : one)));
  const choose = (month: number, value: string) => {
    const kind = OWN_KINDS.find((one) => OWN + one === value);
    const chosen = kind ? ownQuestion(kind, taken) : (calendar.find(({ item }) => item === value) ?? LIBRARY.find(({ item }) => item === value));
    if (chosen) onChange(calendar.map((one, at) => (at === month ? chosen : one)));
    if (kind) setOpen(month);
  };
  return (
    <section>
      <SectionHead
        title="Question of the month"
        aside={
          <Button size="sm" onClick={() => onChange(CALENDAR)}>
            Back to the usual twelve
          </Button>
        }
      />
      {isAsked ? null : <p className="muted mb-4">The question that changes each month is off above, so none of these is asked.</p>}
      <div className="panel">
        <ul className="list">
          {calendar.map((question, month) => {
            const errors = errorsOf(month);
            const problem = errors.item ?? errors.kind ?? errors.text ?? errors.options;
            const id = `month-${month + 1}`;
            return (
              <li key={MONTHS[month]} className="block!">
                <div className="line wrap md:flex-nowrap">
                  <label htmlFor={id} className="flex-none w-[120px]">
                    {MONTHS[month]}
                    {month === next ? <span className="muted block caption">next</span> : null}
                  </label>
                  <span className="grow min-w-[200px]">
                    <ChoiceField {...fieldProps(id, problem)} value={question.item} options={options} onChange={(event) => choose(month, event.target.value)} />
                  </span>
                  <Button
                    size="sm"
                    aria-expanded={open === month}
                    aria-label={`${open === month ? "Done with" : "Edit"} the question of ${MONTHS[month]}`}
                    onClick={() => setOpen(open === month ? null : month)}
                  >
                    {open === month ? "Done" : "Edit"}
                  </Button>
                </div>
                {problem && open !== month ? (
                  <p id={`${id}-error`} className="caption t-danger mt-2" role="alert">
                    {problem}
                  </p>
                ) : null}
                {open === month ? (
                  <QuestionFields
                    key={question.item}
                    id={id}
                    question={question}
                    errors={{ ...errors, text: errors.text ?? errors.kind ?? errors.item }}
                    onChange={(changed) => put(month, changed)}
                  />
                ) : null}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
