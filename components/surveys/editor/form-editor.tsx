"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { saveSurveyForm } from "@/lib/surveys/actions";
import { type AudienceChoice, duration, type FormItem, questionsIn } from "@/lib/surveys/contract";
import { QuestionsPreview } from "../questions-preview";
import { AddQuestion } from "./add-question";
import { AudienceFields } from "./audience-fields";
import { FormItemRow } from "./form-item";

interface Props {
  form: { version: number; items: FormItem[]; audience: AudienceChoice; windowDays: number; oneTap: boolean };
  /** The month that is previewed. */
  period: string;
  title: string;
  k: number;
  teams: { ref: string; title: string }[];
}

/** What the next survey asks, whom and how long; saved as a new version. */
export function FormEditor({ form, period, title, k, teams }: Props) {
  const [items, setItems] = useState(form.items);
  const [audience, setAudience] = useState(form.audience);
  const [days, setDays] = useState(String(form.windowDays));
  const [oneTap, setOneTap] = useState(form.oneTap);
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const asked = questionsIn(items, period);
  const errorsOf = (place: number) =>
    Object.fromEntries(
      ["text", "help", "options", "item"].map((field) => [field, errors[`items.${place}.question.${field}`] ?? nested(errors, `items.${place}.question.${field}.`)]),
    );
  const move = (place: number, by: 1 | -1) =>
    setItems((before) => {
      const after = [...before];
      const [moved] = after.splice(place, 1);
      if (moved) after.splice(place + by, 0, moved);
      return after;
    });
  const save = () =>
    submit(
      () => saveSurveyForm({ items, audience, windowDays: days.trim() === "" ? Number.NaN : Number(days), oneTap, basedOn: form.version }),
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
                errors={errorsOf(place)}
                onChange={(next) => setItems((before) => before.map((one, at) => (at === place ? next : one)))}
                onMove={(by) => move(place, by)}
                onRemove={() => setItems((before) => before.filter((_, at) => at !== place))}
              />
            ))}
          </ul>
        </div>
        <div className="mt-4">
          <AddQuestion taken={new Set(items.map(({ question }) => question.item))} onAdd={(question) => setItems((before) => [...before, { question, on: true }])} />
        </div>
      </section>
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
      <QuestionsPreview questions={asked} title={title} k={k} />
    </div>
  );
}

/** The first message of a field's parts, such as one option of the options. */
function nested(errors: Record<string, string>, prefix: string): string | undefined {
  return Object.entries(errors).find(([path]) => path.startsWith(prefix))?.[1];
}
