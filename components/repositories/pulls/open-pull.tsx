"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { openPullRequest } from "@/lib/repositories/actions";
import { pullHref } from "../addresses";

interface Props {
  repository: { owner: string; name: string };
  branches: string[];
  defaultBranch: string;
  /** Chosen by the address, for links to this form. */
  branch: string | null;
}

/** Proposes a branch. What is refused stands beside the field. */
export function OpenPull({ repository, branches, defaultBranch, branch }: Props) {
  const [open, setOpen] = useState(branch !== null && branches.includes(branch));
  const [sourceBranch, setSource] = useState(branch && branches.includes(branch) ? branch : (branches[0] ?? ""));
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const router = useRouter();
  const submit = async () => {
    const result = await openPullRequest({ ...repository, title, body, sourceBranch });
    if (!result.ok) {
      setErrors(Object.fromEntries(result.error.fields.map(({ path, message }) => [path, message])));
      return result.error.fields.length ? "stay" : result.error.message;
    }
    router.push(pullHref(repository, result.data.number));
    return null;
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Open pull request
      </Button>
      <FormDialog open={open} onOpenChange={setOpen} title={`Bring a branch to ${defaultBranch}`} submitLabel="Open pull request" onSubmit={submit}>
        <Field id="sourceBranch" label="Branch" error={errors.sourceBranch}>
          <ChoiceField
            {...fieldProps("sourceBranch", errors.sourceBranch)}
            value={sourceBranch}
            options={branches.map((value) => ({ value, label: value }))}
            onChange={(event) => setSource(event.target.value)}
          />
        </Field>
        <Field id="title" label="Title" required error={errors.title}>
          <input className="input" {...fieldProps("title", errors.title)} value={title} maxLength={200} autoComplete="off" onChange={(event) => setTitle(event.target.value)} />
        </Field>
        <Field id="body" label="What changes and why" help="Markdown." error={errors.body}>
          <textarea className="input" {...fieldProps("body", errors.body, true)} rows={4} value={body} onChange={(event) => setBody(event.target.value)} />
        </Field>
      </FormDialog>
    </>
  );
}
