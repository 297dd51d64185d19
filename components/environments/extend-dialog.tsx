"use client";

import { useState } from "react";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { fieldErrors } from "@/components/ui/field-errors";
import { FormDialog } from "@/components/ui/form-dialog";
import type { Environment } from "@/lib/environments/contract";
import { EXTENSIONS } from "./extend-buttons";
import { useExtend } from "./use-extend";

interface Props {
  environment: Environment;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Chooses a new time to live where there is no room for a button each. */
export function ExtendDialog({ environment, open, onOpenChange }: Props) {
  const [ttl, setTtl] = useState("24h");
  const { guard, told, send } = useExtend(environment, open ? ttl : null);
  const problem = guard.together(told).ttl;
  const submit = async () => {
    const result = await send(ttl);
    if (result.ok) return null;
    return fieldErrors(result.error).message ?? "stay";
  };
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={`Extend ${environment.name}`} submitLabel="Extend environment" onSubmit={submit}>
      <Field id="ttl" label="Ends after" help="Counted from now." error={problem}>
        <ChoiceField
          {...fieldProps("ttl", problem, true)}
          value={ttl}
          onChange={(event) => setTtl(event.target.value)}
          options={EXTENSIONS.map((one) => ({ value: one, label: one }))}
        />
      </Field>
      <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
    </FormDialog>
  );
}
