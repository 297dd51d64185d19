"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConditionField } from "@/components/conditions/condition-field";
import { NameFields, RevisionNote, SaveDefinition } from "@/components/conditions/definition-fields";
import { FactsReference } from "@/components/conditions/facts-reference";
import { Button } from "@/components/ui/button";
import { errorsOfDefinition } from "@/components/ui/field-errors";
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

/** Everything about one guardrail: what it watches, its condition with live counts, its words, its examples, and saving. */
export function GuardrailEditor({ guardrail }: { guardrail: GuardrailForEdit | null }) {
  const [name, setName] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft>(() => (guardrail ? draftOf(guardrail.definition) : NEW_DRAFT));
  const [note, setNote] = useState("");
  const [tried, setTried] = useState("");
  const { pending, errors: raw, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const errors = errorsOfDefinition(raw);
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
          <NameFields
            title={draft.title}
            titleHelp="What holds, such as Sandboxes end within three days."
            example="Sandboxes end within three days"
            onTitle={(title) => change({ title })}
            name={guardrail ? null : shownName}
            nameIsPartOf="addresses and refusals"
            onName={setName}
            errors={errors}
          />
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
        {guardrail ? <RevisionNote help="For the history: people ask why they are refused since yesterday." value={note} onChange={setNote} error={errors.note} /> : null}
        <SaveDefinition
          label={guardrail ? "Save guardrail" : "Create guardrail"}
          message={message}
          hrefOfOther={guardrail ? `/admin/guardrails/${guardrail.name}` : null}
          errors={errors}
          pending={pending}
          onSave={() => void save()}
        />
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
