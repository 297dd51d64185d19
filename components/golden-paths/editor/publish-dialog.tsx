"use client";

import { useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Notice } from "@/components/ui/notice";
import { publishDraft } from "@/lib/golden-paths/actions";
import type { GoldenPathDraft, PathCheck, PathTestRun } from "@/lib/golden-paths/contract";
import { TestedNotice } from "./tested-notice";

interface Props {
  draft: GoldenPathDraft;
  check: PathCheck;
  tests: PathTestRun[];
  hasUnsaved: boolean;
  /** Saves what is typed; false when that failed. */
  onSave: () => Promise<boolean>;
  revision: () => number;
  onClose: () => void;
  onPublished: (version: string) => void;
}

/** Number and note of a new version, what it changes, and whom it concerns. */
export function PublishDialog({ draft, check, tests, hasUnsaved, onSave, revision, onClose, onPublished }: Props) {
  const [version, setVersion] = useState(draft.suggestedVersion);
  const [note, setNote] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const blocking = check.findings.filter(({ severity }) => severity === "error");
  const warnings = check.findings.filter(({ severity }) => severity === "warning");
  const submit = async () => {
    if (!(await onSave())) return "The draft could not be saved, so it was not published. Look at the notice above the editor.";
    const result = await publishDraft({ name: draft.name, revision: revision(), version, note, ...(draft.currentVersion ? { replaces: draft.currentVersion } : {}) });
    if (result.ok) {
      onPublished(result.data.version);
      return null;
    }
    const byField = Object.fromEntries(result.error.fields.map(({ path, message }) => [path, message]));
    setErrors(byField);
    return byField.version || byField.note ? "stay" : result.error.message;
  };
  const { files, added, removed } = check.changes;
  return (
    <FormDialog open onOpenChange={(open) => (open ? undefined : onClose())} title={`Publish ${draft.name}`} submitLabel={`Publish ${version}`} onSubmit={submit}>
      <p className="muted">
        {draft.baseVersion ? `${files} ${files === 1 ? "file differs" : "files differ"} from ${draft.baseVersion} (+${added} −${removed}).` : "The first version of this path."} A
        published version never changes. New environments and services use it from now on; what was made from older ones stays as it is.
      </p>
      {draft.baseVersion && draft.currentVersion !== draft.baseVersion ? (
        <Notice tone="warning">{`The draft began from ${draft.baseVersion}, and ${draft.currentVersion} is the current one now. Publishing leaves its changes out.`}</Notice>
      ) : null}
      {blocking.length > 0 ? <Blocking findings={blocking} what="publishing" /> : <TestedNotice tests={tests} revision={draft.revision} hasUnsaved={hasUnsaved} />}
      {warnings.length > 0 ? (
        <p className="t-warning">{`${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"} in the draft; they do not stop publishing.`}</p>
      ) : null}
      <Field id="version" label="Version" help="Three numbers, higher than any published one." error={errors.version} required>
        <input {...fieldProps("version", errors.version, true)} className="input mono" value={version} onChange={(event) => setVersion(event.target.value)} autoComplete="off" />
      </Field>
      <Field id="note" label="What changes" help="Shown to the people who use the path." error={errors.note} required>
        <textarea {...fieldProps("note", errors.note, true)} className="input" rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}

/** The errors that stand in the way, the first five with their place. */
export function Blocking({ findings, what }: { findings: PathCheck["findings"]; what: string }) {
  return (
    <Notice tone="danger">
      {`${findings.length} ${findings.length === 1 ? "error stops" : "errors stop"} ${what}:`}
      <ul>
        {findings.slice(0, 5).map(({ file, line, message }) => (
          <li key={`${file}${line}${message}`}>
            <span className="mono">
              {file}:{line}:
            </span>{" "}
            {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
