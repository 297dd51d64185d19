"use client";

import { useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { submitProposal } from "@/lib/golden-paths/actions";
import type { PathCheck, PathTestRun } from "@/lib/golden-paths/contract";
import { Blocking } from "./publish-dialog";
import { TestedNotice } from "./tested-notice";

interface Props {
  proposal: { id: string; title: string };
  check: PathCheck;
  tests: PathTestRun[];
  hasUnsaved: boolean;
  /** Saves what is typed; false when that failed. */
  onSave: () => Promise<boolean>;
  revision: () => number;
  onClose: () => void;
  onSubmitted: () => void;
}

/** Asks the platform team for a review. */
export function SubmitDialog({ proposal, check, tests, hasUnsaved, onSave, revision, onClose, onSubmitted }: Props) {
  const [comment, setComment] = useState("");
  const blocking = check.findings.filter(({ severity }) => severity === "error");
  const submit = async () => {
    if (!(await onSave())) return "What you typed could not be saved, so it was not submitted. Look at the notice above the editor.";
    const result = await submitProposal({ id: proposal.id, revision: revision(), comment });
    if (!result.ok) return result.error.message;
    onSubmitted();
    return null;
  };
  const { files, added, removed } = check.changes;
  return (
    <FormDialog open onOpenChange={(open) => (open ? undefined : onClose())} title={`Submit “${proposal.title}”`} submitLabel="Submit for review" onSubmit={submit}>
      <p className="muted">
        {files === 0
          ? "Nothing differs from the published version yet."
          : `The platform team sees ${files} changed ${files === 1 ? "file" : "files"} (+${added} −${removed}), your reason, and this comment. Until they decide it stays as it is; you can take it back.`}
      </p>
      {blocking.length > 0 ? <Blocking findings={blocking} what="submitting" /> : <TestedNotice tests={tests} revision={revision()} hasUnsaved={hasUnsaved} />}
      <Field id="comment" label="Comment" help="What the reviewers should look at. It can stay empty.">
        <textarea {...fieldProps("comment", undefined, true)} className="input" rows={3} maxLength={4_000} value={comment} onChange={(event) => setComment(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
