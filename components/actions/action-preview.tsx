"use client";

import { useState } from "react";
import { SchemaForm, type Values } from "@/components/form/schema-form";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useSubmit } from "@/components/ui/use-submit";
import { testAction } from "@/lib/actions/actions";
import type { ActionDetail } from "@/lib/actions/contract";
import { TestResult } from "./test-result";

interface Props {
  action: ActionDetail | null;
  title: string;
  /** Null while the schema cannot be read. */
  schema: Record<string, unknown> | null;
  asksFor: string;
  beforeTest: (then: () => void) => Promise<void> | undefined;
}

/** The form as people will see it; what is typed here is what a test call sends. */
export function ActionPreview({ action, title, schema, asksFor, beforeTest }: Props) {
  const [values, setValues] = useState<Values>({});
  const [entityRef, setEntityRef] = useState("");
  const [runId, setRunId] = useState<string | null>(null);
  const { pending, errors, message, submit } = useSubmit();
  const name = action?.name;
  const call = () => {
    if (name === undefined) return;
    setRunId(null);
    beforeTest(() =>
      submit(
        () => testAction({ name, values, ...(entityRef ? { entityRef } : {}) }),
        ({ run }) => setRunId(run.id),
      ),
    );
  };
  return (
    <aside className="stack-8" aria-label="Preview">
      <section className="stack-4">
        <SectionHead title="Preview" aside={title || "Untitled"} />
        {schema ? (
          <SchemaForm
            pages={[schema]}
            values={values}
            onChange={setValues}
            errors={Object.fromEntries(Object.entries(errors).map(([path, text]) => [path.replace(/^values\./, ""), text]))}
          />
        ) : (
          <p className="muted">The preview comes back when the schema can be read.</p>
        )}
      </section>
      {action ? (
        <section className="stack-4">
          <SectionHead title="Test call" />
          <p className="muted">Saves the draft and runs it for real against its back end, with the answers above. Marked as a test.</p>
          {asksFor ? (
            <Field id="testEntity" label="Run on" help="A reference of the catalog." error={errors.entityRef}>
              <input
                {...fieldProps("testEntity", errors.entityRef, true)}
                className="input"
                value={entityRef}
                onChange={(event) => setEntityRef(event.target.value)}
                placeholder={`${asksFor}:default/checkout-api`}
                autoComplete="off"
                spellCheck={false}
              />
            </Field>
          ) : null}
          {message ? <Notice tone="danger">{message}</Notice> : null}
          <div>
            <Button pending={pending} onClick={call}>
              Test call
            </Button>
          </div>
          {runId ? <TestResult runId={runId} /> : null}
        </section>
      ) : null}
    </aside>
  );
}
