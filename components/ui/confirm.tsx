"use client";

import { AlertDialog } from "radix-ui";
import { type ReactNode, useId, useState } from "react";
import { Button } from "./button";
import { Field, fieldProps } from "./field";
import { LOST } from "./lost";
import { useFocusBack } from "./use-focus-back";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What is lost. */
  children: ReactNode;
  /** Verb and noun. */
  confirmLabel: string;
  /** To be typed before it can be confirmed, for what is hard to get back. */
  typed?: string;
  /** Returns a message when it was refused. */
  onConfirm: () => Promise<string | null>;
}

/** Asks before something that cannot be taken back; names what is lost. */
export function ConfirmDialog({ open, onOpenChange, title, children, confirmLabel, typed, onConfirm }: Props) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [text, setText] = useState("");
  const id = useId();
  const focusBack = useFocusBack();
  const confirm = async () => {
    if (pending) return;
    if (typed !== undefined && text.trim() !== typed) return setProblem(`Type ${typed} to confirm.`);
    setPending(true);
    const refused = await onConfirm().catch(() => LOST);
    setPending(false);
    setProblem(refused);
    if (!refused) onOpenChange(false);
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog fixed left-1/2 top-1/2 z-[11] -translate-x-1/2 -translate-y-1/2" {...focusBack}>
          <div className="dialog-body">
            <AlertDialog.Title asChild>
              <h2>{title}</h2>
            </AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div>{children}</div>
            </AlertDialog.Description>
            {typed === undefined ? null : (
              <Field id={id} label={`Type ${typed} to confirm`}>
                <input {...fieldProps(id, undefined)} className="input mono" value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" spellCheck={false} />
              </Field>
            )}
            {problem ? (
              <p className="t-danger" role="alert">
                {problem}
              </p>
            ) : null}
          </div>
          <div className="dialog-foot">
            <AlertDialog.Cancel asChild>
              <Button>Keep it</Button>
            </AlertDialog.Cancel>
            <Button variant="danger-solid" pending={pending} onClick={confirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
