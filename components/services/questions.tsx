"use client";

import type { FocusEventHandler } from "react";
import { SchemaForm, type Values } from "@/components/form/schema-form";
import type { Pickers } from "@/components/form/widgets";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { GoldenPath } from "@/lib/golden-paths/contract";
import type { RepositoryHost } from "@/lib/platform/contract";
import { providerTitle, type RepositoryProviderName } from "@/lib/repositories/contract";

interface Props {
  path: GoldenPath;
  answers: Values;
  onAnswer: (answers: Values) => void;
  /** By path of the input, as the portal answers: `values.name`, `team`. */
  errors: Record<string, string>;
  message: string | null;
  pending: boolean;
  pickers: Pickers;
  hosts: RepositoryHost[];
  provider: RepositoryProviderName;
  onProvider: (provider: RepositoryProviderName) => void;
  onBack: () => void;
  onNext: () => void;
  onFocusCapture: FocusEventHandler;
}

/** Second step: the golden path's own questions, and where the repository goes if there is a choice. */
export function Questions({ path, answers, onAnswer, errors, message, pending, pickers, hosts, provider, onProvider, onBack, onNext, onFocusCapture }: Props) {
  const below = Object.fromEntries(Object.entries(errors).flatMap(([key, text]) => (key.startsWith("values.") ? [[key.slice("values.".length), text]] : [])));
  const others = Object.entries(errors).filter(([key]) => !key.startsWith("values.") && key !== "provider");
  return (
    <form
      className="stack-8 form"
      noValidate
      onFocusCapture={onFocusCapture}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <SchemaForm key={path.name} pages={path.parameters} values={answers} onChange={onAnswer} errors={below} pickers={pickers} />
      {hosts.length > 0 ? (
        <Field id="provider" label="Repository" help="Where the sources live." error={errors.provider}>
          <ChoiceField
            {...fieldProps("provider", errors.provider, true)}
            value={provider}
            onChange={(event) => onProvider(hosts.find((one) => one.provider === event.target.value)?.provider ?? "waymark")}
            options={[{ value: "waymark", label: providerTitle("waymark") }, ...hosts.map((one) => ({ value: one.provider, label: `${one.title}, ${one.owner}` }))]}
          />
        </Field>
      ) : null}
      {others.map(([key, text]) => (
        <Notice key={key} tone="danger">
          {text}
        </Notice>
      ))}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" variant="primary" pending={pending}>
          Review
        </Button>
      </div>
    </form>
  );
}
