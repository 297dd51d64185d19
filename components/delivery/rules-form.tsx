"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { previewDeliveryRules, setDeliveryRules } from "@/lib/metrics/actions";
import type { Rules, RulesPreview } from "@/lib/metrics/contract";
import { RULE_FIELDS } from "./rules-fields";
import { RulesPreviewTable } from "./rules-preview";

/** Rules of counting: change, see what the figures would be, publish as a new version. */
export function RulesForm({ rules: given }: { rules: Rules }) {
  const { pending, errors, message, submit } = useSubmit();
  const [rules, setRules] = useState(given);
  const [texts, setTexts] = useState(() => Object.fromEntries(Object.entries(RULE_FIELDS).map(([name, field]) => [name, field.read(given)])));
  const [note, setNote] = useState("");
  const [preview, setPreview] = useState<RulesPreview | null>(null);
  const router = useRouter();
  const toast = useToast();
  const typed = (): Rules => Object.entries(RULE_FIELDS).reduce((all, [name, field]) => field.write(all, texts[name] ?? ""), rules);
  const errorOf = (name: string) => Object.entries(errors).find(([path]) => path === `rules.${name}` || path.startsWith(`rules.${name}.`))?.[1];
  const look = () => void submit(() => previewDeliveryRules({ rules: typed() }), setPreview);
  const publish = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => setDeliveryRules({ rules: typed(), note }),
      ({ version }) => {
        toast(`Version ${version} holds. The figures are being worked out again.`);
        setNote("");
        setPreview(null);
        router.refresh();
      },
    );
  };
  const number = (name: "incidentWindowHours", label: string, help: string) => (
    <Field id={name} label={label} help={help} error={errorOf(name)}>
      <input
        className="input"
        type="number"
        {...fieldProps(name, errorOf(name), true)}
        value={rules[name]}
        onChange={(event) => setRules({ ...rules, [name]: Number(event.target.value) })}
      />
    </Field>
  );
  const flag = (name: "countBots" | "releases", label: string) => (
    <label className="check">
      <input type="checkbox" checked={rules[name]} onChange={() => setRules({ ...rules, [name]: !rules[name] })} />
      <span>{label}</span>
    </label>
  );
  return (
    <form className="stack-4 form" onSubmit={publish} noValidate>
      {number(
        "incidentWindowHours",
        "Hours from a deployment to an incident",
        "An incident that names no deployment is put down to the last one before it, unless that is longer ago.",
      )}
      {flag("countBots", "Count changes by bots in lead time")}
      {flag("releases", "A published release at GitHub is a deployment to production")}
      {Object.entries(RULE_FIELDS).map(([name, { label, help }]) => (
        <Field key={name} id={name} label={label} help={help} error={errorOf(name)}>
          <textarea
            className="input mono"
            rows={3}
            spellCheck={false}
            {...fieldProps(name, errorOf(name), true)}
            value={texts[name]}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
          />
        </Field>
      ))}
      <Field id="note" label="What changes, and why" required error={errors.note}>
        <input className="input" {...fieldProps("note", errors.note, false)} value={note} maxLength={300} autoComplete="off" onChange={(event) => setNote(event.target.value)} />
      </Field>
      {preview ? <RulesPreviewTable preview={preview} /> : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          Publish rules
        </Button>
        <Button onClick={look} pending={pending}>
          Preview figures
        </Button>
      </div>
    </form>
  );
}
