"use client";

import { useEffect, useState } from "react";
import type { ActionResult } from "@/lib/core/action";
import { fieldErrors, NOTHING_TOLD } from "./field-errors";
import { LOST } from "./lost";

/** State of a form that calls a server action: pending, errors by field, and what has no field. After a refusal the first field in error has the focus. */
export function useSubmit() {
  const [pending, setPending] = useState(false);
  const [{ errors, guarded, message }, tell] = useState(NOTHING_TOLD);
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
      tell({ ...NOTHING_TOLD, message: LOST });
      return;
    }
    tell(result.ok ? NOTHING_TOLD : fieldErrors(result.error));
    if (result.ok) done(result.data);
  };
  return { pending, errors, guarded, message, submit };
}
