"use client";

import { Plus, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { editVariables } from "@/lib/environments/actions";
import type { EnvironmentVariable } from "@/lib/environments/contract";

interface Line {
  key: number;
  name: string;
  value: string;
  secret: boolean;
  /** A stored secret: its value cannot be read, only replaced. */
  stored: boolean;
}

let nextKey = 0;
const lineOf = (variable: EnvironmentVariable): Line => ({ key: nextKey++, name: variable.name, value: variable.value ?? "", secret: variable.secret, stored: variable.secret });

export function VariablesForm({ id, variables, mayEdit }: { id: string; variables: EnvironmentVariable[]; mayEdit: boolean }) {
  const [lines, setLines] = useState<Line[]>(() => variables.filter((variable) => variable.source === "team").map(lineOf));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const change = (key: number, part: Partial<Line>) => setLines((all) => all.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    const wanted = lines.map(({ name, value, secret, stored }) => ({ name, secret, ...(stored && value === "" ? {} : { value }) }));
    const result = await editVariables({ id, variables: wanted });
    setPending(false);
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    setMessage(result.ok || result.error.fields.length ? null : result.error.message);
    if (result.ok) {
      toast("Saved. The variables count from the next restart.");
      router.refresh();
    }
  };
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      {lines.length === 0 ? <p className="muted">No variables of your own yet. What the platform sets is under Credentials.</p> : null}
      {lines.map((line, index) => {
        const error = errors[`variables.${index}.name`] ?? errors[`variables.${index}.value`];
        return (
          <div key={line.key} className="stack">
            <div className="line">
              <input
                className="input mono"
                aria-label="Name"
                placeholder="LOG_LEVEL"
                value={line.name}
                aria-invalid={error ? true : undefined}
                onChange={(event) => change(line.key, { name: event.target.value })}
                disabled={!mayEdit}
              />
              <input
                className="input mono"
                aria-label={`Value of ${line.name || "the new variable"}`}
                type={line.secret ? "password" : "text"}
                placeholder={line.stored ? "Kept as it is" : "Value"}
                value={line.value}
                onChange={(event) => change(line.key, { value: event.target.value })}
                disabled={!mayEdit}
                autoComplete="off"
              />
              <label className="check nowrap">
                <input type="checkbox" checked={line.secret} onChange={(event) => change(line.key, { secret: event.target.checked })} disabled={!mayEdit} />
                Secret
              </label>
              <Button variant="icon" aria-label={`Remove ${line.name || "variable"}`} onClick={() => setLines((all) => all.filter((one) => one.key !== line.key))}>
                <X className="i" aria-hidden />
              </Button>
            </div>
            {error ? (
              <span className="t-danger" role="alert">
                {error}
              </span>
            ) : null}
          </div>
        );
      })}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      {mayEdit ? (
        <div className="line">
          <Button onClick={() => setLines((all) => [...all, { key: nextKey++, name: "", value: "", secret: false, stored: false }])}>
            <Plus className="i" aria-hidden />
            Add variable
          </Button>
          <Button type="submit" variant="primary" pending={pending}>
            Save variables
          </Button>
        </div>
      ) : null}
    </form>
  );
}
