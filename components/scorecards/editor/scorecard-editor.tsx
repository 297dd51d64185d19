"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { NameFields, RevisionNote, SaveDefinition } from "@/components/conditions/definition-fields";
import { Field, fieldProps } from "@/components/ui/field";
import { errorsOfDefinition } from "@/components/ui/field-errors";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { slugOf } from "@/lib/core/slug";
import { createScorecard, editScorecard } from "@/lib/scorecards/actions";
import type { ScorecardForEdit } from "@/lib/scorecards/contract";
import { AddCheck } from "./add-check";
import { AppliesFields } from "./applies-fields";
import { CheckFields } from "./check-fields";
import { type Change, type CheckDraft, type Draft, definitionOf, draftOf, NEW_DRAFT } from "./draft";
import { FactsReference } from "./facts-reference";
import { LevelFields } from "./level-fields";
import { PreviewPane } from "./preview-pane";
import { usePreview } from "./use-preview";

/** Everything about one scorecard: levels, checks with live checking, what it would say, and saving. */
export function ScorecardEditor({ card, start = NEW_DRAFT, actions }: { card: ScorecardForEdit | null; start?: Draft; actions: { name: string; title: string }[] }) {
  const [name, setName] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft>(() => (card ? draftOf(card.definition) : start));
  const [note, setNote] = useState("");
  const [entityRef, setEntityRef] = useState("");
  const { pending, errors: raw, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const errors = errorsOfDefinition(raw);
  const { preview, problem, isStale } = usePreview(draft, entityRef);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const changeCheck = (key: string, part: Partial<CheckDraft>) => change({ checks: draft.checks.map((check) => (check.key === key ? { ...check, ...part } : check)) });
  const move = (at: number, by: 1 | -1) => {
    const checks = [...draft.checks];
    const [moved] = checks.splice(at, 1);
    if (moved) checks.splice(at + by, 0, moved);
    change({ checks });
  };
  const shownName = name ?? slugOf(draft.title);
  const save = () =>
    card
      ? submit(
          () => editScorecard({ name: card.name, revision: card.revision, definition: definitionOf(draft), note }),
          ({ revision }) => {
            toast(`Revision ${revision} is saved. It is being evaluated.`);
            setNote("");
            router.refresh();
          },
        )
      : submit(
          () => createScorecard({ name: shownName, definition: definitionOf(draft) }),
          (made) => {
            toast("The scorecard is made. It is being evaluated.");
            router.push(`/scorecards/${made.name}`);
          },
        );
  const unseen = Object.entries(errors).filter(([path]) => ["checks", "levels", "name", "revision"].includes(path));
  return (
    <div className="action-editor">
      <div className="stack-8">
        <section className="stack-4 form">
          <NameFields
            title={draft.title}
            titleHelp="What it stands for, such as Production readiness."
            example="Production readiness"
            onTitle={(title) => change({ title })}
            name={card ? null : shownName}
            nameIsPartOf="addresses and commands"
            onName={setName}
            errors={errors}
          />
          <Field id="description" label="Description" help="One sentence: whom it is for, and when it has to be reached." error={errors.description}>
            <textarea
              {...fieldProps("description", errors.description, true)}
              className="input"
              rows={2}
              value={draft.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          </Field>
        </section>
        <AppliesFields draft={draft} change={change} errors={errors} />
        <LevelFields draft={draft} change={change} errors={errors} />
        <section className="stack-4">
          <SectionHead title="Checks" aside={draft.checks.length ? String(draft.checks.length) : "none yet"} />
          {draft.checks.map((check, at) => (
            <CheckFields
              key={check.key}
              check={check}
              at={at}
              isLast={at === draft.checks.length - 1}
              levels={draft.levels}
              actions={actions}
              errors={errors}
              preview={preview?.checks.find(({ id }) => id === check.key) ?? null}
              entity={preview?.entity?.checks.find(({ id }) => id === check.key) ?? null}
              entities={preview?.entities ?? 0}
              isStale={isStale}
              onChange={(part) => changeCheck(check.key, part)}
              onMove={(by) => move(at, by)}
              onRemove={() => change({ checks: draft.checks.filter(({ key }) => key !== check.key) })}
            />
          ))}
          <AddCheck draft={draft} onAdd={(check) => change({ checks: [...draft.checks, check] })} />
          <FactsReference />
        </section>
        {card ? <RevisionNote help="For the history: people ask why their level moved." value={note} onChange={setNote} error={errors.note} /> : null}
        {unseen.map(([path, text]) => (
          <Notice key={path} tone="danger">
            {text}
          </Notice>
        ))}
        <SaveDefinition
          label={card ? "Save scorecard" : "Create scorecard"}
          message={message}
          hrefOfOther={card ? `/admin/scorecards/${card.name}` : null}
          errors={errors}
          pending={pending}
          onSave={() => void save()}
        />
      </div>
      <PreviewPane draft={draft} preview={preview} problem={problem} isStale={isStale} entityRef={entityRef} onEntityRef={setEntityRef} />
    </div>
  );
}
