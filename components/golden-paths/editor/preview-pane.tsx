"use client";

import { type ReactNode, useState } from "react";
import { SchemaForm, type Values } from "@/components/form/schema-form";
import { Blazes } from "@/components/ui/blazes";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { type DryRun, MAX_CONCEPTS, type PathCheck } from "@/lib/golden-paths/contract";
import { DryRunView } from "./dry-run-view";

interface Props {
  check: PathCheck;
  values: Values;
  onValues: (values: Values) => void;
  errors: Record<string, string>;
  view: PreviewView;
  onView: (view: PreviewView) => void;
  dryRun: { result: DryRun | null; problem: string | null; pending: boolean };
  /** The test run, drawn by the editor. */
  testRun: ReactNode;
}

export type PreviewView = "form" | "dry-run" | "test-run";

const VIEWS: [PreviewView, string][] = [
  ["form", "Form"],
  ["dry-run", "Dry run"],
  ["test-run", "Test run"],
];

/** The path as a developer will meet it: its questions, or what they get. */
export function PreviewPane({ check, values, onValues, errors, view, onView, dryRun, testRun }: Props) {
  return (
    <section className="pe-prev" aria-label="Preview">
      <div className="pe-bar">
        <h2>Preview</h2>
        <span className="grow" />
        <span className="btn-group" role="group" aria-label="Preview of">
          {VIEWS.map(([one, label]) => (
            <Button key={one} size="sm" aria-pressed={view === one} onClick={() => onView(one)}>
              {label}
            </Button>
          ))}
        </span>
      </div>
      {view === "form" ? (
        <div className="stack-6">
          <FormPreview {...{ check, values, onValues, errors }} />
          <Concepts concepts={check.concepts} />
        </div>
      ) : view === "dry-run" ? (
        <DryRunView {...dryRun} />
      ) : (
        testRun
      )}
    </section>
  );
}

function FormPreview({ check, values, onValues, errors }: Pick<Props, "check" | "values" | "onValues" | "errors">) {
  if (!check.form) return <Empty title="The form cannot be read">Correct the errors in template.yaml; the form appears as soon as it can be read.</Empty>;
  const hasQuestions = check.form.some((page) => Object.keys((page.properties as object | undefined) ?? {}).length > 0);
  if (!hasQuestions) return <p className="muted">This path asks nothing.</p>;
  return <Questions form={check.form} {...{ values, onValues, errors }} />;
}

type Page = Record<string, unknown>;

function Questions({ form, values, onValues, errors }: { form: Page[] } & Pick<Props, "values" | "onValues" | "errors">) {
  const [known, setKnown] = useState<ReadonlyMap<string, Page>>(new Map());
  const texts = form.map((page) => JSON.stringify(page));
  // A page that did not change stays the same object, so that it is not worked out anew with every letter.
  const pages = texts.map((text) => known.get(text) ?? withoutAutofocus(text));
  if (texts.some((text) => !known.has(text))) setKnown(new Map(texts.map((text, index) => [text, pages[index] as Page])));
  // Other questions are another component: what was typed into the old one may not fit them. Other words are not.
  return (
    <SchemaForm
      key={JSON.stringify(form, (key, value) => (WORDS.has(key) && typeof value !== "object" ? undefined : value))}
      pages={pages}
      values={values}
      onChange={onValues}
      errors={errors}
    />
  );
}

/** What only changes what a question says. */
const WORDS = new Set(["title", "description", "ui:help", "ui:placeholder", "ui:description", "ui:title"]);

/** The text keeps the focus while its preview changes. */
function withoutAutofocus(page: string): Page {
  return JSON.parse(page, (key, value: unknown) => (key === "ui:autofocus" ? undefined : value)) as Page;
}

function Concepts({ concepts }: { concepts: string[] }) {
  return (
    <section className="pe-concepts">
      <div className="section-head">
        <h2>Concepts to know</h2>
        <span className="line">
          <Blazes on={Math.min(concepts.length, MAX_CONCEPTS)} label={`${concepts.length} of ${MAX_CONCEPTS} concepts`} />
          <span className={concepts.length > MAX_CONCEPTS ? "t-danger" : undefined}>
            {concepts.length} of {MAX_CONCEPTS}
          </span>
        </span>
      </div>
      <p className="caption">Counted from the questions that are shown, choices among many, terms of other products, and what is left to do by hand.</p>
      {concepts.length > 0 ? (
        <ol className="list bare compact">
          {concepts.map((concept) => (
            <li key={concept}>{concept}</li>
          ))}
        </ol>
      ) : (
        <p className="muted">None: the path asks nothing and leaves nothing to be done by hand.</p>
      )}
    </section>
  );
}
