"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { fieldErrors, NOTHING_TOLD } from "@/components/ui/field-errors";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { PartProps } from "@/components/ui/use-part";
import { grantException } from "@/lib/guardrails/actions";

interface Props extends PartProps {
  name: string;
  title: string;
  teams: { ref: string; title: string }[];
}

export function GrantExceptionDialog({ open, onOpenChange, name, title, teams }: Props) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [team, setTeam] = useState("");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const toast = useToast();
  const router = useRouter();
  const submit = async () => {
    const result = await grantException({ name, team, reason, until });
    const told = result.ok ? NOTHING_TOLD : fieldErrors(result.error);
    setErrors(told.errors);
    if (!result.ok) return told.message ?? "stay";
    toast("The team is let through. It ends by itself.");
    router.refresh();
    return null;
  };
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={`Let a team through “${title}”`} submitLabel="Let team through" onSubmit={submit}>
      <p className="muted">Until its last day the guardrail neither refuses nor warns this team. Everybody sees who granted it and why.</p>
      <Field id="team" label="Team" required error={errors.team}>
        <ChoiceField
          {...fieldProps("team", errors.team)}
          value={team}
          onChange={(event) => setTeam(event.target.value)}
          options={[{ value: "", label: "Choose a team" }, ...teams.map((one) => ({ value: one.ref, label: one.title }))]}
        />
      </Field>
      <Field id="reason" label="Reason" required help="What is in the way, and what happens meanwhile." error={errors.reason}>
        <textarea {...fieldProps("reason", errors.reason, true)} className="input" rows={3} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Field id="until" label="Last day" required help="A year from now at most." error={errors.until}>
        <input {...fieldProps("until", errors.until, true)} className="input max-w-[168px]" type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
