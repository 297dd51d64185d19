"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { editSettings } from "@/lib/platform/actions";
import { SETTING_LABELS, type SettingKey, type Settings } from "@/lib/platform/contract";

const ON_OFF = [
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
];
const KEYS = Object.keys(SETTING_LABELS) as SettingKey[];

/** Only what was changed is sent; numbers stay numbers. */
function changesOf(form: FormData, before: Settings): Partial<Settings> {
  const changed = KEYS.flatMap((key) => {
    const typed = String(form.get(key) ?? "").trim();
    const value = typeof before[key] === "boolean" ? typed === "on" : typeof before[key] === "number" && typed !== "" ? Number(typed) : typed;
    return value === before[key] ? [] : [[key, value]];
  });
  return Object.fromEntries(changed);
}

export function SettingsForm({ settings }: { settings: Settings }) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const changes = changesOf(new FormData(event.currentTarget), settings);
    if (Object.keys(changes).length === 0) {
      toast("Nothing was changed.");
      return;
    }
    setPending(true);
    const result = await editSettings(changes);
    setPending(false);
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    setMessage(result.ok || result.error.fields.length ? null : result.error.message);
    if (result.ok) {
      toast("Settings saved.");
      router.refresh();
    }
  };
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      {KEYS.map((key) => {
        const { label, help, unit } = SETTING_LABELS[key];
        return (
          <Field key={key} id={key} label={unit ? `${label} (${unit})` : label} help={help} error={errors[key]}>
            {typeof settings[key] === "boolean" ? (
              <span className="max-w-[240px]">
                <ChoiceField {...fieldProps(key, errors[key], true)} defaultValue={settings[key] ? "on" : "off"} options={ON_OFF} />
              </span>
            ) : (
              <input
                {...fieldProps(key, errors[key], true)}
                className="input max-w-[240px]"
                defaultValue={String(settings[key])}
                inputMode={typeof settings[key] === "number" ? "numeric" : "text"}
                autoComplete="off"
              />
            )}
          </Field>
        );
      })}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Save settings
        </Button>
      </div>
    </form>
  );
}
