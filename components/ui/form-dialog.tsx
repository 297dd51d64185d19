"use client";

import { Dialog } from "radix-ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "./button";
import { LOST } from "./lost";
import { Notice } from "./notice";
import { useFocusBack } from "./use-focus-back";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** Verb and noun. */
  submitLabel: string;
  /** Returns a message when it was refused for a reason that no field shows. */
  onSubmit: () => Promise<string | null | "stay">;
  wide?: boolean;
}

/** A short form over the page. It stays open until it is accepted, and keeps what was typed. */
export function FormDialog({ open, onOpenChange, title, children, submitLabel, onSubmit, wide = false }: Props) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const focusBack = useFocusBack();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    const refused = await onSubmit().catch(() => LOST);
    setPending(false);
    setProblem(refused === "stay" ? null : refused);
    if (refused === null) onOpenChange(false);
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className={`dialog fixed left-1/2 top-1/2 z-[11] max-h-[calc(100dvh-32px)] -translate-x-1/2 -translate-y-1/2 overflow-auto ${wide ? "wide" : ""}`}
          aria-describedby={undefined}
          {...focusBack}
        >
          <form onSubmit={submit} noValidate>
            <div className="dialog-body">
              <Dialog.Title asChild>
                <h2>{title}</h2>
              </Dialog.Title>
              {children}
              {problem ? <Notice tone="danger">{problem}</Notice> : null}
            </div>
            <div className="dialog-foot">
              <Dialog.Close asChild>
                <Button>Cancel</Button>
              </Dialog.Close>
              <Button type="submit" variant="primary" pending={pending}>
                {submitLabel}
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
