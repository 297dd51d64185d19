"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { CodeEditor } from "@/components/editor/code-editor";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { createStepAction, editStepAction } from "@/lib/golden-paths/actions";
import type { DeclaredStepAction } from "@/lib/golden-paths/contract";
import { BackFields } from "./back-fields";
import { type Draft, definitionOf, draftOf, NEW_DRAFT, readSchema } from "./draft";
import { SigningSecret } from "./signing-secret";

/** Errors come with paths of the definition; the fields are named without it. */
const shortened = (errors: Record<string, string>) => Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.replace(/^definition\./, ""), message]));

/** Everything about one declared action: what it takes, what it gives, and what it does. */
export function StepActionEditor({ action }: { action: DeclaredStepAction | null }) {
  const [id, setId] = useState("");
  const [draft, setDraft] = useState<Draft>(() => (action ? draftOf(action.definition) : NEW_DRAFT));
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const { pending, errors: raw, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const errors = shortened(raw);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const [inputs, outputs] = [readSchema(draft.inputs), readSchema(draft.outputs)];

  const save = () => {
    if (!("schema" in inputs && "schema" in outputs)) return;
    const definition = definitionOf(draft, inputs.schema, outputs.schema);
    if (!action) return submit(() => createStepAction({ id, definition }), setMade);
    return submit(
      () => editStepAction({ id: action.id, revision: action.revision, definition }),
      () => {
        toast("Saved.");
        router.refresh();
      },
    );
  };
  if (made) return <SigningSecret id={made.id} secret={made.secret} />;
  return (
    <div className="stack-8 form">
      <section className="stack-4">
        {action ? null : (
          <TextField id="id" label="Id" help="As templates name it: company:thing:verb." value={id} error={errors.id} placeholder="acme:ticket:create" onChange={setId} />
        )}
        <TextField id="title" label="Title" help="Verb and noun." value={draft.title} error={errors.title} placeholder="Open a ticket" onChange={(title) => change({ title })} />
        <TextField
          id="description"
          label="Description"
          help="One sentence for the people who write golden paths."
          value={draft.description}
          error={errors.description}
          onChange={(description) => change({ description })}
        />
      </section>
      <section className="stack-4">
        <SectionHead title="What it does" />
        <BackFields draft={draft} change={change} errors={errors} />
        {action?.definition.back.type === "http" ? <SigningSecret id={action.id} secret={null} /> : null}
      </section>
      <SchemaPart title="Inputs" value={draft.inputs} read={inputs} error={errors.inputs} onChange={(text) => change({ inputs: text })} />
      <SchemaPart title="Outputs" value={draft.outputs} read={outputs} error={errors.outputs} onChange={(text) => change({ outputs: text })} />
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button variant="primary" pending={pending} onClick={() => void save()}>
          {action ? "Save action" : "Create action"}
        </Button>
      </div>
    </div>
  );
}

interface SchemaPartProps {
  title: string;
  value: string;
  read: ReturnType<typeof readSchema>;
  error: string | undefined;
  onChange: (text: string) => void;
}

function SchemaPart({ title, value, read, error, onChange }: SchemaPartProps) {
  const problem = "problem" in read ? read.problem : error;
  return (
    <section className="stack-4">
      <SectionHead title={title} aside="JSON Schema" />
      <CodeEditor label={`JSON Schema of the ${title.toLowerCase()}`} language="json" value={value} onChange={onChange} />
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
    </section>
  );
}
