"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useSubmit } from "@/components/ui/use-submit";
import { startDraft } from "@/lib/golden-paths/actions";
import { ApiProblem, importArchive } from "./editor/api";
import { ImportGitForm } from "./import-git-form";

/** Three ways to a new draft: the example, an archive, or a repository. */
export function NewPathForm() {
  return (
    <div className="stack-8 form">
      <ExampleForm />
      <hr className="rule" />
      <ImportForm />
      <hr className="rule" />
      <ImportGitForm />
    </div>
  );
}

function ExampleForm() {
  const [name, setName] = useState("");
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const start = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => startDraft({ name, from: "example" }),
      (draft) => router.push(`/admin/golden-paths/${draft.name}`),
    );
  };
  return (
    <form className="stack-4" onSubmit={start} noValidate>
      <SectionHead title="Begin with a working example" />
      <Field id="name" label="Name" help="Lower case letters, digits and hyphens. It is in addresses and commands and cannot change later." error={errors.name} required>
        <input
          {...fieldProps("name", errors.name, true)}
          className="input"
          placeholder="python-worker"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
        />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Start draft
        </Button>
      </div>
    </form>
  );
}

function ImportForm() {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const file = input.current?.files?.[0];
    if (pending) return;
    if (!file) {
      setProblem("Choose a .zip or .tar.gz file first.");
      input.current?.focus();
      return;
    }
    setPending(true);
    try {
      const draft = await importArchive(file);
      router.push(`/admin/golden-paths/${draft.name}`);
    } catch (error) {
      setPending(false);
      setProblem(error instanceof ApiProblem ? error.message : "The archive did not arrive. Try again.");
    }
  };
  return (
    <form className="stack-4" onSubmit={send} noValidate>
      <SectionHead title="Import a Backstage template" />
      <Field
        id="archive"
        label="Archive"
        help="A .zip or .tar.gz with a template.yaml, up to 24 MB: a template's folder, or a repository that holds one."
        error={problem ?? undefined}
      >
        <input {...fieldProps("archive", problem ?? undefined, true)} ref={input} type="file" className="input file" accept=".zip,.tgz,.gz,application/zip,application/gzip" />
      </Field>
      <div>
        <Button type="submit" pending={pending}>
          Import archive
        </Button>
      </div>
      <p className="muted">From a folder, on the command line:</p>
      <CodeBlock code="waymark path lint ./my-path && waymark path publish ./my-path --note 'What changes'" />
    </form>
  );
}
