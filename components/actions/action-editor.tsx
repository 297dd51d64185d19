"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { CodeEditor } from "@/components/editor/code-editor";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { errorsOfDefinition } from "@/components/ui/field-errors";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { createAction, editAction } from "@/lib/actions/actions";
import { type ActionDetail, LOSING_FUNCTIONS } from "@/lib/actions/contract";
import { ActionPreview } from "./action-preview";
import { BackEndFields } from "./back-end-fields";
import { type Change, type Draft, definitionOf, draftOf, NEW_DRAFT, readInputs } from "./draft";
import { PublishForm } from "./publish-form";
import { SecretOnce } from "./secret-once";
import { TargetFields } from "./target-fields";

const AGENT_WORDS = [
  { value: "ask", label: "Its person confirms first" },
  { value: "free", label: "It runs at once" },
];

/** Everything about one action: fields, form schema with its live preview, test call, publishing. */
export function ActionEditor({ action }: { action: ActionDetail | null }) {
  const [name, setName] = useState("");
  const [draft, setDraft] = useState<Draft>(() => (action ? draftOf(action.draft) : NEW_DRAFT));
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null);
  const { pending, errors: raw, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const errors = errorsOfDefinition(raw);
  const read = useMemo(() => readInputs(draft.inputs), [draft.inputs]);
  const alwaysAsks = draft.backEnd === "function" && LOSING_FUNCTIONS.includes(draft.function);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const schemaError = Object.entries(errors).find(([path]) => path.startsWith("inputs"))?.[1];
  const diagnostics = "line" in read ? [{ line: read.line, severity: "error" as const, message: read.message }] : [];

  const save = async (then?: () => void) => {
    if (!("schema" in read)) return;
    const definition = definitionOf(draft, read.schema);
    if (action)
      return submit(
        () => editAction({ name: action.name, definition }),
        () => {
          if (then) then();
          else toast("Draft saved.");
          router.refresh();
        },
      );
    return submit(
      () => createAction({ name, definition }),
      (made) => (draft.backEnd === "webhook" ? setSecret(made) : router.push(`/admin/actions/${made.name}`)),
    );
  };

  if (secret) return <SecretOnce secret={secret.secret} nextHref={`/admin/actions/${secret.name}`} />;
  return (
    <div className="action-editor">
      <div className="stack-8">
        <section className="stack-4 form">
          {action ? null : (
            <Field id="name" label="Name" required help="Lower-case letters, digits and hyphens; part of addresses and commands." error={errors.name}>
              <input
                {...fieldProps("name", errors.name, true)}
                className="input"
                value={name}
                onChange={(event) => setName(event.target.value)}
                placeholder="purge-cache"
                autoComplete="off"
                spellCheck={false}
              />
            </Field>
          )}
          <Field id="title" label="Title" required help="Verb and noun; it is the label of the button." error={errors.title}>
            <input
              {...fieldProps("title", errors.title, true)}
              className="input"
              value={draft.title}
              onChange={(event) => change({ title: event.target.value })}
              placeholder="Purge cache"
              autoComplete="off"
            />
          </Field>
          <Field id="description" label="Description" help="One sentence: what it does and what it costs." error={errors.description}>
            <textarea
              {...fieldProps("description", errors.description, true)}
              className="input"
              rows={2}
              value={draft.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          </Field>
          <TargetFields draft={draft} change={change} errors={errors} />
        </section>
        <section className="stack-4">
          <SectionHead title="Form" aside="JSON Schema" />
          <p className="muted">
            Secrets are asked for with <code>"ui:widget": "password"</code>; an environment of the target with <code>"ui:field": "EnvironmentPicker"</code>.
          </p>
          <CodeEditor label="JSON Schema of the form" language="json" value={draft.inputs} onChange={(inputs) => change({ inputs })} diagnostics={diagnostics} />
          {schemaError ? <Notice tone="danger">{schemaError}</Notice> : null}
        </section>
        <section className="stack-4 form">
          <SectionHead title="Back end" />
          <BackEndFields draft={draft} change={change} errors={errors} />
          <Field
            id="agents"
            label="When an agent runs it"
            help={alwaysAsks ? "This function takes something away, so it is always asked for." : "Let it ask where something could be lost."}
            error={errors.agents}
          >
            <ChoiceField
              {...fieldProps("agents", errors.agents, true)}
              value={alwaysAsks ? "ask" : draft.agents}
              options={AGENT_WORDS.filter(({ value }) => value === "ask" || !alwaysAsks)}
              onChange={(event) => change({ agents: event.target.value === "free" ? "free" : "ask" })}
            />
          </Field>
          {action && draft.backEnd === "webhook" ? <SecretOnce name={action.name} hasSecret={action.hasSecret} /> : null}
        </section>
        {message ? <Notice tone="danger">{message}</Notice> : null}
        <div className="line">
          <Button variant={action ? "default" : "primary"} pending={pending} onClick={() => save()}>
            {action ? "Save draft" : "Create draft"}
          </Button>
          {"line" in read ? <span className="t-danger">Line {read.line} of the form cannot be read.</span> : null}
        </div>
        {action ? <PublishForm action={action} beforePublish={save} /> : null}
      </div>
      <ActionPreview action={action} title={draft.title} schema={"schema" in read ? read.schema : null} asksFor={draft.kind} beforeTest={save} />
    </div>
  );
}
