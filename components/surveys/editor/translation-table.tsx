"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { SectionHead } from "@/components/ui/page-head";
import { LANGUAGES, languageName, type Question, type Translations, textsOf } from "@/lib/surveys/contract";

interface Props {
  /** Every question that may be asked, those of the months included. */
  questions: Question[];
  translations: Translations;
  error: string | undefined;
  onChange: (translations: Translations) => void;
}

/** Texts of the survey in other languages, one language at a time. Each text is there once, at the first question that has it. */
export function TranslationTable({ questions, translations, error, onChange }: Props) {
  const begun = Object.keys(translations);
  const [language, setLanguage] = useState(begun[0] ?? "");
  const table = translations[language] ?? {};
  const seen = new Set<string>();
  const groups = questions.map((question) => ({ question, texts: textsOf(question).filter((text) => !seen.has(text) && seen.add(text)) })).filter(({ texts }) => texts.length > 0);
  const done = (texts: Iterable<string>, in_ = table) => [...texts].filter((text) => in_[text]?.trim()).length;
  const codes = [...new Set([...begun, ...LANGUAGES])];
  const nameOf = (code: string) => languageName(code) ?? code;
  const labelOf = (code: string) => (translations[code] ? `${nameOf(code)}, ${done(seen, translations[code])} of ${seen.size} translated` : nameOf(code));
  const say = (text: string, said: string) => onChange({ ...translations, [language]: { ...table, [text]: said } });
  const remove = () => {
    onChange(Object.fromEntries(Object.entries(translations).filter(([code]) => code !== language)));
    setLanguage("");
  };
  return (
    <section>
      <SectionHead title="Languages" />
      <div className="stack-4">
        <div className="form">
          <Field
            id="language"
            label="Translate into"
            help="People get the language of their browser and can switch. What is not translated stays in English. A translation begins no new series."
            error={error}
          >
            <ChoiceField
              {...fieldProps("language", error, true)}
              value={language}
              options={[{ value: "", label: "Choose a language" }, ...codes.map((code) => ({ value: code, label: labelOf(code) }))]}
              onChange={(event) => setLanguage(event.target.value)}
            />
          </Field>
        </div>
        {language ? (
          <>
            <div className="panel">
              <ul className="list">
                {groups.map(({ question, texts }) => (
                  <li key={question.item} className="block!">
                    <details>
                      <summary>
                        {question.text || "No wording yet"}{" "}
                        <span className="muted caption">
                          {done(texts)} of {texts.length} translated
                        </span>
                      </summary>
                      <div className="stack-4 mt-4">
                        {texts.map((text, place) => (
                          <Field key={text} id={`${question.item}-${language}-${place}`} label={text}>
                            <input
                              {...fieldProps(`${question.item}-${language}-${place}`, undefined)}
                              className="input"
                              lang={language}
                              dir="auto"
                              maxLength={300}
                              autoComplete="off"
                              value={table[text] ?? ""}
                              onChange={(event) => say(text, event.target.value)}
                            />
                          </Field>
                        ))}
                      </div>
                    </details>
                  </li>
                ))}
              </ul>
            </div>
            {translations[language] ? (
              <div>
                <Button size="sm" onClick={remove}>
                  Remove {nameOf(language)}
                </Button>
              </div>
            ) : null}
          </>
        ) : null}
      </div>
    </section>
  );
}
