import { SectionHead } from "@/components/ui/page-head";
import { QUESTIONS } from "@/lib/surveys/contract";
import { WhatIsStored } from "./what-is-stored";

/** The form as people see it, without anything to press: wordings stay the same so that months can be compared. */
export function QuestionsPreview() {
  return (
    <section>
      <SectionHead title="Preview of the next survey" aside="Wordings stay the same, so that months can be compared" />
      <div className="panel panel-body">
        {QUESTIONS.map((question, index) => (
          <div key={question.item} className="q">
            <h3>
              <span className="muted font-normal">{index + 1}</span> {question.text}
              {question.required ? <span className="muted font-normal"> (required)</span> : null}
            </h3>
            {question.help ? <p className="muted">{question.help}</p> : null}
            <p className="line wrap mt-2">
              {question.options.map((option) => (
                <span key={option.value} className="badge">
                  {option.label}
                </span>
              ))}
            </p>
            {question.item === "reason" ? <p className="caption mt-2">And a text of up to 280 characters, optional.</p> : null}
          </div>
        ))}
        <div className="mt-4">
          <WhatIsStored />
        </div>
      </div>
    </section>
  );
}
