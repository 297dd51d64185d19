"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { declareIncident } from "@/lib/metrics/actions";
import { SEVERITIES, type Severity } from "@/lib/metrics/contract";

const WORDS: Record<Severity, string> = {
  critical: "Critical: it does not work for most",
  high: "High: an important part does not work",
  medium: "Medium: it hurts, with a way around",
  low: "Low: hardly anybody notices",
};

/** What is wrong and how bad; it counts from now. */
export function DeclareIncident({ service, onEnd }: { service: string; onEnd: () => void }) {
  const { pending, errors, message, submit } = useSubmit();
  const [title, setTitle] = useState("");
  const [severity, setSeverity] = useState<Severity>("high");
  const router = useRouter();
  const toast = useToast();
  const declare = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => declareIncident({ service, title, severity }),
      () => {
        toast("Incident declared.");
        onEnd();
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4 form" onSubmit={declare} noValidate>
      <Field id="title" label="What is wrong" required help="In a few words, as you would say it on the phone." error={errors.title}>
        <input className="input" {...fieldProps("title", errors.title, true)} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} autoComplete="off" />
      </Field>
      <Field id="severity" label="Severity" error={errors.severity}>
        <ChoiceField
          {...fieldProps("severity", errors.severity)}
          value={severity}
          options={SEVERITIES.map((value) => ({ value, label: WORDS[value] }))}
          onChange={(event) => setSeverity(SEVERITIES.find((one) => one === event.target.value) ?? "high")}
        />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          Declare incident
        </Button>
        <Button onClick={onEnd}>Cancel</Button>
      </div>
    </form>
  );
}
