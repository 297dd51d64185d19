"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { parse, stringify } from "yaml";
import { CodeEditor } from "@/components/editor/code-editor";
import { Button, LinkButton } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { saveEntity } from "@/lib/catalog/actions";
import { entityHref } from "@/lib/catalog/contract";
import { editInRepository } from "@/lib/repositories/actions";
import type { EditPlan } from "@/lib/repositories/contract";
import { type CommonField, fieldsOf, readField, withField, writeField } from "./definition-fields";

interface Props {
  entity: { ref: string; kind: string; namespace: string; name: string; title: string };
  definition: Record<string, unknown>;
  /** Where the document lies in a repository: the edit becomes a commit or a pull request there. */
  plan?: EditPlan;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function isReadable(yaml: string): boolean {
  try {
    return isObject(parse(yaml));
  } catch {
    return false;
  }
}

/** The usual fields as a form, and everything as YAML; both are the same text. */
export function EditForm({ entity, definition, plan }: Props) {
  const [yaml, setYaml] = useState(() => plan?.document ?? stringify(definition));
  const [draft, setDraft] = useState(definition);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [isBroken] = useState(() => plan !== undefined && !isReadable(plan.document));
  const [isYaml, setYamlShown] = useState(isBroken);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();

  const set = (field: CommonField, text: string) => {
    const next = writeField(draft, field, text);
    setTyped({ ...typed, [field.id]: text });
    setDraft(next);
    setYaml(withField(yaml, field, next));
  };
  const showForm = () => {
    try {
      const value: unknown = parse(yaml);
      if (!isObject(value)) throw new Error("it is no object");
      setDraft(value);
      setTyped({});
      setUnreadable(null);
      setYamlShown(false);
    } catch (error) {
      setUnreadable(`The form cannot show this: ${error instanceof Error ? error.message.split("\n")[0] : "it is unreadable"}.`);
    }
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const key = { kind: entity.kind, namespace: entity.namespace, name: entity.name };
    if (plan) {
      await submit(
        () => editInRepository({ ...key, yaml, base: plan.base }),
        ({ run }) => router.push(`/runs/${run.id}`),
      );
      return;
    }
    await submit(
      () => saveEntity({ ...key, yaml }),
      ({ change, findings }) => {
        toast(change === "unchanged" ? "Nothing was changed." : findings.length ? `${entity.title} is saved, with ${findings.length} to put right.` : `${entity.title} is saved.`);
        router.push(entityHref(entity.ref, findings.length ? "definition" : undefined));
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-6 form" onSubmit={save} noValidate>
      <span className="btn-group" role="group" aria-label="How to edit">
        <Button aria-pressed={!isYaml} onClick={showForm}>
          Form
        </Button>
        <Button aria-pressed={isYaml} onClick={() => setYamlShown(true)}>
          YAML
        </Button>
      </span>
      {isBroken ? (
        <Notice
          tone="warning"
          action={
            <Button size="sm" onClick={() => setYaml(stringify(definition))}>
              Take last good version
            </Button>
          }
        >
          What the repository holds cannot be read. The catalog still shows what it said before.
        </Notice>
      ) : null}
      {unreadable ? <Notice tone="danger">{unreadable}</Notice> : null}
      {isYaml ? (
        <Field id="yaml" label="Definition" error={errors.yaml}>
          <CodeEditor label={`Definition of ${entity.ref}`} value={yaml} onChange={setYaml} language="yaml" diagnostics={diagnosticsOf(errors.yaml)} />
        </Field>
      ) : (
        <div className="stack-4">
          {fieldsOf(entity.kind).map((field) => (
            <Field key={field.id} id={field.id} label={field.label} help={field.help}>
              {field.long ? (
                <textarea
                  {...fieldProps(field.id, undefined, Boolean(field.help))}
                  className="input area"
                  rows={3}
                  value={typed[field.id] ?? readField(draft, field)}
                  onChange={(event) => set(field, event.target.value)}
                />
              ) : (
                <input
                  {...fieldProps(field.id, undefined, Boolean(field.help))}
                  className="input"
                  autoComplete="off"
                  value={typed[field.id] ?? readField(draft, field)}
                  onChange={(event) => set(field, event.target.value)}
                />
              )}
            </Field>
          ))}
          {errors.yaml ? <Notice tone="danger">{errors.yaml}</Notice> : null}
        </div>
      )}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      {plan ? (
        <p className="muted">
          Saving becomes {plan.becomes === "commit" ? `a commit on ${plan.repository.defaultBranch}` : "a pull request"} in {plan.repository.owner}/{plan.repository.name}, in{" "}
          <span className="mono">{plan.file}</span>.{plan.becomes === "commit" ? " What follows a push follows it too, for example a deployment to development." : ""}
        </p>
      ) : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {plan ? (plan.becomes === "commit" ? "Commit change" : "Open pull request") : "Save entity"}
        </Button>
        <LinkButton href={entityHref(entity.ref)} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}

function diagnosticsOf(error: string | undefined) {
  const [, line, message] = /^Line (\d+): (.*)$/s.exec(error ?? "") ?? [];
  return line && message ? [{ line: Number(line), severity: "error" as const, message }] : [];
}
