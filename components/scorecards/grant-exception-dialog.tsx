"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { PartProps } from "@/components/ui/use-part";
import { grantException } from "@/lib/scorecards/actions";

interface Props extends PartProps {
  scorecard: string;
  entityRef: string;
  check: { id: string; title: string };
}

export function GrantExceptionDialog({ open, onOpenChange, scorecard, entityRef, check }: Props) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const toast = useToast();
  const router = useRouter();
  const submit = async () => {
    const result = await grantException({ name: scorecard, entityRef, check: check.id, reason, until });
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    if (!result.ok) return result.error.fields.some(({ path }) => path === "reason" || path === "until") ? "stay" : result.error.message;
    toast("The exception is granted. It ends by itself.");
    router.refresh();
    return null;
  };
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={`Exception for “${check.title}”`} submitLabel="Grant exception" onSubmit={submit}>
      <p className="muted">The check counts as if it passed until that day. Everybody sees who granted it and why.</p>
      <Field id="reason" label="Reason" required help="What is in the way, and what happens meanwhile." error={errors.reason}>
        <textarea {...fieldProps("reason", errors.reason, true)} className="input" rows={3} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Field id="until" label="Last day" required help="A year from now at most." error={errors.until}>
        <input {...fieldProps("until", errors.until, true)} className="input max-w-[168px]" type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
