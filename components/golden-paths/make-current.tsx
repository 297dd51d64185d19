"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import { makeVersionCurrent } from "@/lib/golden-paths/actions";

interface Props {
  name: string;
  version: string;
  current: string;
  /** Whether the version is older than the current one. */
  isBack: boolean;
}

/** Makes a published version the current one: mostly the way back from a newer one. */
export function MakeCurrent({ name, version, current, isBack }: Props) {
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState("");
  const router = useRouter();
  const submitLabel = isBack ? `Roll back to ${version}` : `Make ${version} current`;
  const toast = useToast();
  const submit = async () => {
    const result = await makeVersionCurrent({ name, currentVersion: version, replaces: current, note });
    router.refresh();
    if (!result.ok) return result.error.message;
    toast(`${name} ${version} is the current version.`);
    return null;
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)} aria-label={submitLabel}>
        {isBack ? "Roll back" : "Make current"}
      </Button>
      {open ? (
        <FormDialog open={open} onOpenChange={setOpen} title={`Make ${version} the current version?`} submitLabel={submitLabel} onSubmit={submit}>
          <p className="muted">{`New environments and services use ${version} instead of ${current} from now on. ${current} stays published, and what was made from it stays as it is.`}</p>
          <Field id="rollback-note" label="Why" help="Shown in the history.">
            <input {...fieldProps("rollback-note", undefined, true)} className="input" value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
        </FormDialog>
      ) : null}
    </>
  );
}
