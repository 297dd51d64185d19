"use client";

import { type ReactNode, useState } from "react";
import { ChoiceField } from "@/components/ui/choice-field";
import { SectionHead } from "@/components/ui/page-head";
import { duration, inLanguage, languageName, MAX_COMMENT, ORIGINAL_LANGUAGE, offered, type Question, type Translations, translationsOf } from "@/lib/surveys/contract";
import { SurveyQuestion } from "./survey-question";
import { WhatIsStored } from "./what-is-stored";

interface Props {
  questions: Question[];
  translations: Translations;
  title: string;
  k: number;
  /** Beside the heading, in place of what the survey is. */
  children?: ReactNode;
}

/** The form as people will see it: it can be tried, and nothing is sent. */
export function QuestionsPreview({ questions, translations, title, k, children }: Props) {
  const [draft, setDraft] = useState<Record<string, string>>({});
  const [wanted, setLanguage] = useState(ORIGINAL_LANGUAGE);
  const languages = offered(translationsOf(questions, translations));
  const language = languages.includes(wanted) ? wanted : ORIGINAL_LANGUAGE;
  return (
    <section>
      <SectionHead title="Preview" aside={children ?? `${title}: ${questions.length} questions, ${duration(questions)}. Nothing is sent`} />
      <div className={language === ORIGINAL_LANGUAGE ? "panel panel-body" : "panel panel-body translated"}>
        {languages.length > 1 ? (
          <div className="max-w-[240px] mb-4">
            <ChoiceField
              aria-label="Language of the preview"
              value={language}
              options={languages.map((code) => ({ value: code, label: languageName(code) ?? code }))}
              onChange={(event) => setLanguage(event.target.value)}
            />
          </div>
        ) : null}
        {inLanguage(questions, translations, language).map(({ question, lang }, index) => (
          <SurveyQuestion
            key={question.item}
            question={question}
            lang={lang}
            mostCharacters={MAX_COMMENT}
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
