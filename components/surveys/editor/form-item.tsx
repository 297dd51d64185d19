"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { type FormItem as Item, KIND_WORDS, SCORE } from "@/lib/surveys/contract";
import { QuestionFields } from "./question-fields";

interface Props {
  item: Item;
  isFirst: boolean;
  isLast: boolean;
  errors: Record<string, string | undefined>;
  onChange: (item: Item) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One question of the form: on or off, its place, its wording. */
export function FormItemRow({ item, isFirst, isLast, errors, onChange, onMove, onRemove }: Props) {
  const { question, on } = item;
  const [isOpen, setOpen] = useState(false);
  const isScore = question.item === SCORE;
  const problem = Object.values(errors).find(Boolean);
  return (
    <li className="block!">
      <div className="line wrap spread md:flex-nowrap">
        <label className="check h-auto! grow min-w-[240px] md:min-w-0">
          <input type="checkbox" checked={on} disabled={isScore} onChange={() => onChange({ ...item, on: !on })} />
          <span>
            <span className={on ? undefined : "muted"}>{question.text || "No wording yet"}</span>
            <span className="muted block caption">
              {KIND_WORDS[question.kind]}
              {question.kind === "rotating" ? ", from the calendar of twelve" : `, wording ${question.version}`}
              {isScore ? ", always asked" : ""}
            </span>
          </span>
        </label>
        <span className="line flex-none">
          <Button variant="icon" aria-label={`Move up: ${question.text}`} aria-disabled={isFirst || undefined} onClick={() => (isFirst ? undefined : onMove(-1))}>
            <ArrowUp className="i" aria-hidden />
          </Button>
          <Button variant="icon" aria-label={`Move down: ${question.text}`} aria-disabled={isLast || undefined} onClick={() => (isLast ? undefined : onMove(1))}>
            <ArrowDown className="i" aria-hidden />
          </Button>
          {question.kind === "rotating" ? null : (
            <Button size="sm" aria-expanded={isOpen} aria-label={`${isOpen ? "Done" : "Edit"}: ${question.text}`} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Done" : "Edit"}
            </Button>
          )}
          {isScore ? null : (
            <Button size="sm" aria-label={`Remove: ${question.text}`} onClick={onRemove}>
              Remove
            </Button>
          )}
        </span>
      </div>
      {isOpen || (problem && question.kind !== "rotating") ? (
        <QuestionFields question={question} errors={errors} onChange={(next) => onChange({ ...item, question: next })} />
      ) : null}
    </li>
  );
}
