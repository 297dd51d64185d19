"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Field, fieldProps } from "@/components/ui/field";
import { useToast } from "@/components/ui/toast";
import { scheduleSurveys } from "@/lib/surveys/actions";

/** The smallest group that surveys show. Raising it is asked once more, because it cannot be taken back. */
export function SmallestGroupForm({ k }: { k: number }) {
  const [typed, setTyped] = useState(String(k));
  const [error, setError] = useState<string | undefined>();
  const [isAsking, setAsking] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const wanted = typed.trim() === "" ? Number.NaN : Number(typed);
  const save = async () => {
    const result = await scheduleSurveys({ k: wanted });
    if (result.ok) {
      toast(`The next survey shows groups of ${result.data.k} or more.`);
      router.refresh();
    }
    setError(result.ok ? undefined : (result.error.fields[0]?.message ?? result.error.message));
    return null;
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (wanted > k) setAsking(true);
    else void save();
  };
  return (
    <form className="stack-4" onSubmit={ask} noValidate>
      <Field
        id="k"
        label="Answers that a group needs"
        help="Fewer are never shown, of any question. It can be raised, never lowered; a survey keeps the number it opened with."
        error={error}
      >
        <input
          {...fieldProps("k", error, true)}
          className="input max-w-[96px]"
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <div>
        <Button type="submit">Save number</Button>
      </div>
      <ConfirmDialog open={isAsking} onOpenChange={setAsking} title={`Show groups of ${typed} or more only`} confirmLabel={`Raise to ${typed}`} onConfirm={save}>
        From the next survey on, groups with fewer than {typed} answers are hidden. It cannot be lowered again: people answer trusting in it.
      </ConfirmDialog>
    </form>
  );
}
