"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { tagAnswer } from "@/lib/surveys/actions";

interface Props {
  at: { id: string; item: string; node: string; place: number };
  tags: string[];
  text: string;
}

/** Gives what somebody wrote its themes. */
export function TagButton({ at, tags, text }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | undefined>(undefined);
  const router = useRouter();
  const begin = () => {
    setTyped(tags.join(", "));
    setError(undefined);
    setOpen(true);
  };
  const save = async () => {
    const result = await tagAnswer({ ...at, tags: typed.split(",").flatMap((tag) => tag.trim() || []) });
    if (result.ok) {
      router.refresh();
      return null;
    }
    const field = result.error.fields[0]?.message;
    setError(field);
    return field ? "stay" : result.error.message;
  };
  return (
    <>
      <Button size="sm" variant="quiet" aria-label={`Themes of: ${text.slice(0, 60)}`} onClick={begin}>
        Themes
      </Button>
      <FormDialog open={isOpen} onOpenChange={setOpen} title="Themes" submitLabel="Save themes" onSubmit={save}>
        <p className="message">{text}</p>
        <Field id="themes" label="Themes, separated by commas" error={error}>
          <input {...fieldProps("themes", error)} className="input" value={typed} maxLength={200} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </FormDialog>
    </>
  );
}
