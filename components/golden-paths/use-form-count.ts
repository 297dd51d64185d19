import { type FocusEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { FORM_HOURS } from "@/lib/golden-paths/contract";

// Tells the portal that a form was opened, which question was touched last, and that it was sent: names of questions, never answers.
// A form is known by a random id in this tab, so that going back and forth or reloading is one form, and another tab is another.

interface Form {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  field: string | null;
}

const PAUSE_MS = 2_000;
const keyOf = (path: { name: string; version: string }) => `waymark:form:${path.name}@${path.version}`;

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keptForm(key: string): Form {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null") as Form | null;
    if (kept && Date.now() - kept.at < FORM_HOURS * 3_600_000) return kept;
    const fresh = { id: randomId(), at: Date.now(), field: null };
    sessionStorage.setItem(key, JSON.stringify(fresh));
    return fresh;
  } catch {
    // A browser without storage: each visit is a form of its own.
    return { id: randomId(), at: Date.now(), field: null };
  }
}

/** Counts the form of a golden path. `open` once its questions are shown, `touch` for the question that has the focus, `sent` when it was accepted. */
export function useFormCount(path: { name: string; version: string } | undefined) {
  const form = useRef<{ key: string; form: Form } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const [name, version] = [path?.name, path?.version];

  const tell = useCallback(
    (state: "open" | "sent") => {
      const known = form.current;
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
      if (!known || name === undefined) return;
      const body = JSON.stringify({ version, form: known.form.id, state, ...(known.form.field ? { field: known.form.field } : {}) });
      // Counting must never be in the way: it is sent though the page goes, and a refusal changes nothing.
      fetch(`/api/v1/golden-paths/${encodeURIComponent(name)}/forms`, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body }).catch(
        () => undefined,
      );
    },
    [name, version],
  );

  const open = useCallback(() => {
    if (name === undefined || version === undefined) return;
    const key = keyOf({ name, version });
    if (form.current?.key === key) return;
    form.current = { key, form: keptForm(key) };
    tell("open");
  }, [name, version, tell]);

  const touch = useCallback(
    (field: string) => {
      open();
      const known = form.current;
      if (!known || known.form.field === field) return;
      known.form = { ...known.form, field };
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => tell("open"), PAUSE_MS);
    },
    [open, tell],
  );

  const sent = useCallback(() => {
    open();
    tell("sent");
    try {
      if (form.current) sessionStorage.removeItem(form.current.key);
    } catch {
      // Nothing was kept.
    }
    form.current = null;
  }, [open, tell]);

  useEffect(() => {
    const leave = () => {
      if (timer.current) tell("open");
    };
    const hide = () => {
      if (document.visibilityState === "hidden") leave();
    };
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      leave();
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [tell]);

  /** For the element around the questions: their inputs have ids such as `values.name`. */
  const onFocusCapture = useCallback(
    (event: FocusEvent) => {
      const [root, field] = event.target.id.split(".");
      if (root === "values" && field) touch(field);
    },
    [touch],
  );
  return useMemo(() => ({ open, sent, onFocusCapture }), [open, sent, onFocusCapture]);
}
