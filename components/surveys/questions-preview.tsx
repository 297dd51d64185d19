"use client";

import { type ReactNode, useState } from "react";
import { SectionHead } from "@/components/ui/page-head";
import { duration, type Question } from "@/lib/surveys/contract";
import { SurveyQuestion } from "./survey-question";
import { WhatIsStored } from "./what-is-stored";

/** The form as people will see it: it can be tried, and nothing is sent. */
export function QuestionsPreview({ questions, title, k, children }: { questions: Question[]; title: string; k: number; children?: ReactNode }) {
  const [draft, setDraft] = useState<Record<string, string>>({});
  return (
    <section>
      <SectionHead title="Preview" aside={children ?? `${title}: ${questions.length} questions, ${duration(questions)}. Nothing is sent`} />
      <div className="panel panel-body">
        {questions.map((question, index) => (
          <SurveyQuestion
            key={question.item}
            question={question}
            number={index + 1}
            draft={draft}
            errors={{}}
            set={(item, value) => setDraft((before) => ({ ...before, [item]: value }))}
          />
        ))}
        <div className="mt-4">
          <WhatIsStored k={k} />
        </div>
      </div>
    </section>
  );
}
