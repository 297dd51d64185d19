"use client";

import { useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import type { DraftChange } from "@/lib/golden-paths/contract";

interface Props {
  /** The file to rename; null makes a new one. */
  from: string | null;
  onClose: () => void;
  /** Applies the change; returns why not. */
  onChange: (change: DraftChange) => Promise<string | null>;
  onDone: (path: string) => void;
}

/** Asks for the path of a new or moved file. */
export function FileDialog({ from, onClose, onChange, onDone }: Props) {
  const [path, setPath] = useState(from ?? "skeleton/");
  const [error, setError] = useState<string | undefined>();
  const submit = async () => {
    const change: DraftChange = from === null ? { type: "write", path, text: "" } : { type: "rename", from, to: path };
    const refused = await onChange(change);
    setError(refused ?? undefined);
    if (refused === null) onDone(path);
    return refused === null ? null : "stay";
  };
  const title = from === null ? "New file" : "Rename or move file";
  return (
    <FormDialog open onOpenChange={(open) => (open ? undefined : onClose())} title={title} submitLabel={from === null ? "Create file" : "Rename file"} onSubmit={submit}>
      <Field id="file-path" label="Path" help="Folders by slashes, such as skeleton/src/app.js. Names may hold template code." error={error}>
        <input
          {...fieldProps("file-path", error, true)}
          className="input mono"
          value={path}
          onChange={(event) => setPath(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
    </FormDialog>
  );
}
