"use client";

import { useEffect, useState } from "react";
import type { ActionResult } from "@/lib/core/action";
import { LOST } from "./lost";

/** State of a form that calls a server action: pending, errors by field, and what has no field. After a refusal the first field in error has the focus. */
export function useSubmit() {
  const [pending, setPending] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  useEffect(() => {
    if (Object.keys(errors).length) document.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [errors]);
  /** Calls the action unless it is under way; `done` gets what it answered. */
  const submit = async <T>(call: () => Promise<ActionResult<T>>, done: (data: T) => void): Promise<void> => {
    if (pending) return;
    setPending(true);
    const result = await call().catch(() => null);
    setPending(false);
    if (!result) {
      setErrors({});
      setMessage(LOST);
      return;
    }
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    setMessage(result.ok || result.error.fields.length ? null : result.error.message);
    if (result.ok) done(result.data);
  };
  return { pending, errors, message, submit };
}
