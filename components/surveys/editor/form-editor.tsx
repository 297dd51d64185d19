"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { saveSurveyForm } from "@/lib/surveys/actions";
import { duration, type FormVersion, monthsFrom, ONE_TAP, type Question, questionsIn } from "@/lib/surveys/contract";
import { QuestionsPreview } from "../questions-preview";
import { AddQuestion } from "./add-question";
import { AudienceFields } from "./audience-fields";
import { CalendarEditor } from "./calendar-editor";
import { FormItemRow } from "./form-item";
import { TranslationTable } from "./translation-table";

interface Props {
  form: Omit<FormVersion, "createdBy" | "createdAt">;
  /** The month of the next survey: `2026-12`. */
  period: string;
  k: number;
  teams: { ref: string; title: string }[];
}

/** What the next survey asks, whom and how long; saved as a new version. */
export function FormEditor({ form, period, k, teams }: Props) {
  const [items, setItems] = useState(form.items);
  const [calendar, setCalendar] = useState(form.calendar);
  const [translations, setTranslations] = useState(form.translations);
  const [month, setMonth] = useState(period);
  const [audience, setAudience] = useState(form.audience);
  const [days, setDays] = useState(String(form.windowDays));
  const [oneTap, setOneTap] = useState(form.oneTap);
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const months = monthsFrom(period, 12);
  const asked = questionsIn(items, month, calendar);
  const title = months.find(({ period: one }) => one === month)?.title ?? month;
  const taken = new Set(items.map(({ question }) => question.item));
  const reserved = new Set([...taken, ...calendar.map(({ item }) => item)]);
  const errorsAt = (path: string) =>
    Object.fromEntries(["text", "help", "options", "item", "kind"].map((field) => [field, errors[`${path}.${field}`] ?? nested(errors, `${path}.${field}.`)]));
  const move = (place: number, by: 1 | -1) =>
    setItems((before) => {
      const after = [...before];
      const [moved] = after.splice(place, 1);
      if (moved) after.splice(place + by, 0, moved);
      return after;
    });
  const save = () =>
    submit(
      () => saveSurveyForm({ items, calendar, translations, audience, windowDays: days.trim() === "" ? Number.NaN : Number(days), oneTap, basedOn: form.version }),
      (saved) => {
        toast(`Version ${saved.version} is saved. The next survey asks it.`);
        router.refresh();
      },
    );
  return (
    <div className="stack-8">
      <section>
        <SectionHead title="Questions" aside={`${asked.length} in ${title}, ${duration(asked)}`} />
        <div className="panel">
          <ul className="list">
            {items.map((item, place) => (
              <FormItemRow
                key={item.question.item}
                item={item}
                isFirst={place === 0}
                isLast={place === items.length - 1}
                errors={errorsAt(`items.${place}.question`)}
                onChange={(next) => setItems((before) => before.map((one, at) => (at === place ? next : one)))}
                onMove={(by) => move(place, by)}
                onRemove={() => setItems((before) => before.filter((_, at) => at !== place))}
              />
            ))}
          </ul>
        </div>
        <div className="mt-4">
          <AddQuestion taken={taken} reserved={reserved} onAdd={(question) => setItems((before) => [...before, { question, on: true }])} />
        </div>
      </section>
      <CalendarEditor
        calendar={calendar}
        taken={reserved}
        period={period}
        isAsked={items.some(({ question, on }) => on && question.kind === "rotating")}
        errorsOf={(place) => errorsAt(`calendar.${place}`)}
        onChange={setCalendar}
      />
      <TranslationTable
        questions={everyQuestion(
          items.map(({ question }) => question),
          calendar,
        )}
        translations={translations}
        error={errors.translations ?? nested(errors, "translations.")}
        onChange={setTranslations}
      />
      <section className="stack-4 form">
        <SectionHead title="Audience and time" />
        <AudienceFields audience={audience} teams={teams} error={errors.audience ?? errors["audience.teams"]} onChange={setAudience} />
        <Field id="windowDays" label="Days it stays open" help="2 to 14. Those who have not answered are reminded on day 3 and day 6." error={errors.windowDays}>
          <input
            {...fieldProps("windowDays", errors.windowDays, true)}
            className="input max-w-[96px]"
            inputMode="numeric"
            autoComplete="off"
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        </Field>
        <label className="check">
          <input type="checkbox" checked={oneTap} onChange={() => setOneTap(!oneTap)} />
          <span>After a run, ask who started it whether the outcome was clear, at most once in 14 days</span>
        </label>
        {errors.items || message ? <Notice tone="danger">{errors.items ?? message}</Notice> : null}
        <div className="line">
          <Button variant="primary" pending={pending} onClick={save}>
            Save version
          </Button>
          <span className="caption">A survey that is open stays as it is.</span>
        </div>
      </section>
      <QuestionsPreview questions={asked} translations={translations} title={title} k={k}>
        <ChoiceField
          aria-label="Month of the preview"
          value={month}
          options={months.map(({ period: value, title: label }) => ({ value, label }))}
          onChange={(event) => setMonth(event.target.value)}
        />
      </QuestionsPreview>
    </div>
  );
}

/** Those of the form, then those of the months that are not among them, each once, then the one after a run. */
function everyQuestion(items: Question[], calendar: Question[]): Question[] {
  const all = [...items.filter(({ kind }) => kind !== "rotating"), ...calendar];
  return [...all.filter((one, place) => all.findIndex(({ item }) => item === one.item) === place), ONE_TAP];
}

/** The first message of a field's parts, such as one option of the options. */
function nested(errors: Record<string, string>, prefix: string): string | undefined {
  return Object.entries(errors).find(([path]) => path.startsWith(prefix))?.[1];
}
