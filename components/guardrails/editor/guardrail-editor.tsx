"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConditionField } from "@/components/conditions/condition-field";
import { FactsReference } from "@/components/conditions/facts-reference";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useAnswer } from "@/components/ui/use-answer";
import { useSubmit } from "@/components/ui/use-submit";
import { slugOf } from "@/lib/core/slug";
import { createGuardrail, editGuardrail, previewGuardrail } from "@/lib/guardrails/actions";
import { factGroups, type GuardrailForEdit, STARTERS } from "@/lib/guardrails/contract";
import { type Change, type Draft, definitionOf, draftOf, draftOfStarter, NEW_DRAFT, questionOf } from "./draft";
import { ExampleFields } from "./example-fields";
import { readFacts } from "./fact-lines";
import { PreviewPane } from "./preview-pane";
import { WatchFields } from "./watch-fields";
import { WordFields } from "./word-fields";

/** Errors come with paths of the definition; the fields are named without it. */
const shortened = (errors: Record<string, string>) => Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.replace(/^definition\./, ""), message]));

/** Everything about one guardrail: what it watches, its condition with live counts, its words, its examples, and saving. */
export function GuardrailEditor({ guardrail }: { guardrail: GuardrailForEdit | null }) {
  const [name, setName] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft>(() => (guardrail ? draftOf(guardrail.definition) : NEW_DRAFT));
  const [note, setNote] = useState("");
  const [tried, setTried] = useState("");
  const { pending, errors: raw, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const errors = shortened(raw);
  const { answer: preview, problem, isStale } = useAnswer(questionOf(draft, tried), previewGuardrail);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const shownName = name ?? slugOf(draft.title);
  const isUnreadable = draft.examples.some(({ facts }) => readFacts(facts).problem);
  const save = () => {
    if (isUnreadable) return;
    const definition = definitionOf(draft);
    if (guardrail)
      return submit(
        () => editGuardrail({ name: guardrail.name, revision: guardrail.revision, definition, note }),
        ({ revision }) => {
          toast(`Revision ${revision} is saved. It counts for the next request.`);
          setNote("");
          router.refresh();
        },
      );
    return submit(
      () => createGuardrail({ name: shownName, definition }),
      (made) => {
        toast(definition.effect === "off" ? "The guardrail is saved, and off." : "The guardrail is made. It counts for the next request.");
        router.push(`/admin/guardrails/${made.name}`);
      },
    );
  };
  const conditionProblem = draft.condition.trim() ? (preview?.problem ?? null) : null;
  return (
    <div className="action-editor">
      <div className="stack-8">
        {guardrail || draft !== NEW_DRAFT ? null : <Starters onChoose={(starter) => setDraft(draftOfStarter(starter))} />}
        <section className="stack-4 form">
          <Field id="title" label="Title" required help="What holds, such as Sandboxes end within three days." error={errors.title}>
            <input
              {...fieldProps("title", errors.title, true)}
              className="input"
              value={draft.title}
              onChange={(event) => change({ title: event.target.value })}
              placeholder="Sandboxes end within three days"
              autoComplete="off"
            />
          </Field>
          {guardrail ? null : (
            <Field id="name" label="Name" required help="Lower-case letters, digits and hyphens; part of addresses and refusals." error={errors.name}>
              <input
                {...fieldProps("name", errors.name, true)}
                className="input mono"
                value={shownName}
                onChange={(event) => setName(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            </Field>
          )}
        </section>
        <WatchFields draft={draft} change={change} errors={errors} />
        <section className="stack-4">
          <SectionHead title="What must hold" />
          <ConditionField
            label="Condition of the guardrail"
            help="In CEL, over the facts below: true means that nothing is wrong."
            value={draft.condition}
            onChange={(condition) => change({ condition })}
            problem={conditionProblem}
            refused={errors.condition}
          >
            <span className="help">
              {!draft.condition.trim() ? 'For example request.tier != "sandbox" || request.ttlHours <= 72' : isStale || !preview ? "Being checked…" : "It can be read."}
            </span>
          </ConditionField>
          <FactsReference groups={factGroups(draft.abilities).map(({ title, facts }) => ({ title, facts: facts.map(([path, { type, text }]) => ({ path, type, text })) }))}>
            A text is empty where there is nothing to say. What is not known makes a guardrail that refuses refuse, unless the rest decides; <code>has(request.ttlHours)</code> asks
            whether it is known.
          </FactsReference>
        </section>
        <WordFields draft={draft} change={change} errors={errors} />
        <ExampleFields draft={draft} change={change} errors={errors} preview={preview} />
        {guardrail ? (
          <section className="form">
            <Field id="note" label="What changes" help="For the history: people ask why they are refused since yesterday." error={errors.note}>
              <input
                {...fieldProps("note", errors.note, true)}
                className="input"
                value={note}
                maxLength={300}
                onChange={(event) => setNote(event.target.value)}
                autoComplete="off"
              />
            </Field>
          </section>
        ) : null}
        {message ? (
          <Notice
            tone="danger"
            action={
              guardrail && /saved revision/.test(message) ? (
                <Link className="link nowrap" href={`/admin/guardrails/${guardrail.name}`} target="_blank">
                  Open the other
                </Link>
              ) : undefined
            }
          >
            {message}
          </Notice>
        ) : null}
        <div className="line wrap">
          <Button variant="primary" pending={pending} onClick={() => void save()}>
            {guardrail ? "Save guardrail" : "Create guardrail"}
          </Button>
          {Object.keys(errors).length ? (
            <span className="t-danger">{Object.keys(errors).length === 1 ? "One field is" : `${Object.keys(errors).length} fields are`} to be put right above.</span>
          ) : null}
        </div>
      </div>
      <PreviewPane effect={draft.effect} preview={preview} problem={problem} isStale={isStale} tried={tried} onTry={setTried} />
    </div>
  );
}

/** Guardrails to begin with; choosing one fills the form. */
function Starters({ onChoose }: { onChoose: (starter: (typeof STARTERS)[number]) => void }) {
  return (
    <section className="stack">
      <SectionHead title="Begin with one of these" aside="or write your own below" />
      <div className="line wrap">
        {STARTERS.map((starter) => (
          <Button key={starter.name} size="sm" onClick={() => onChoose(starter)}>
            {starter.title}
          </Button>
        ))}
      </div>
    </section>
  );
}
