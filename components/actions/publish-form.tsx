"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { editAction, publishAction } from "@/lib/actions/actions";
import type { ActionDetail } from "@/lib/actions/contract";

interface Props {
  action: ActionDetail;
  beforePublish: (then: () => void) => Promise<void> | undefined;
}

/** Publishing makes the saved draft the version that people run; disabling takes it away from them. */
export function PublishForm({ action, beforePublish }: Props) {
  const [note, setNote] = useState("");
  const { pending, errors, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const next = (action.versions[0]?.version ?? 0) + 1;
  const publish = () =>
    beforePublish(() =>
      submit(
        () => publishAction({ name: action.name, note }),
        ({ version }) => {
          toast(`Version ${version} is published.`);
          setNote("");
          router.refresh();
        },
      ),
    );
  const toggle = () =>
    submit(
      () => editAction({ name: action.name, isEnabled: action.status === "disabled" }),
      () => {
        toast(action.status === "disabled" ? "Enabled." : "Disabled: nobody can run it.");
        router.refresh();
      },
    );
  return (
    <section className="stack-4 form">
      <SectionHead title={`Publish version ${next}`} aside={action.isChanged ? "The draft differs from what is published" : undefined} />
      <Field id="note" label="What changed" required help="One sentence for the history." error={errors.note}>
        <input {...fieldProps("note", errors.note, true)} className="input" value={note} onChange={(event) => setNote(event.target.value)} autoComplete="off" />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button variant="primary" pending={pending} onClick={publish}>
          Publish version {next}
        </Button>
        {action.version === null ? null : <Button onClick={toggle}>{action.status === "disabled" ? "Enable action" : "Disable action"}</Button>}
      </div>
    </section>
  );
}
