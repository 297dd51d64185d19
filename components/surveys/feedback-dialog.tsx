"use client";

import { X } from "lucide-react";
import { usePathname } from "next/navigation";
import { Dialog } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useFocusBack } from "@/components/ui/use-focus-back";
import type { PartProps } from "@/components/ui/use-part";
import { useSubmit } from "@/components/ui/use-submit";
import { sendFeedback } from "@/lib/surveys/actions";

/** A message to the platform team, under one's name, so that they can answer. What was typed stays when it is closed. */
export function FeedbackDialog({ open, onOpenChange }: PartProps) {
  const [text, setText] = useState("");
  const [lost, setLost] = useState(false);
  const { pending, errors, message, submit } = useSubmit();
  const pathname = usePathname();
  const toast = useToast();
  const focusBack = useFocusBack();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setLost(false);
    await submit(
      () => sendFeedback({ text, page: pathname }),
      () => {
        setText("");
        onOpenChange(false);
        toast("Sent. You get a notice when the platform team answers.");
      },
    ).catch(() => setLost(true));
  };
  const problem = lost ? "It did not arrive. Your text is still here; send it again." : message;
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog fixed left-1/2 top-1/2 z-[11] -translate-x-1/2 -translate-y-1/2" aria-describedby={undefined} {...focusBack}>
          <form onSubmit={send} noValidate>
            <div className="dialog-body stack-4">
              <div className="line spread">
                <Dialog.Title asChild>
                  <h2>Tell the platform team</h2>
                </Dialog.Title>
                <Dialog.Close asChild>
                  <Button variant="icon" aria-label="Close">
                    <X className="i" aria-hidden />
                  </Button>
                </Dialog.Close>
              </div>
              <Field
                id="text"
                label="What works, what does not, what is missing"
                help="Goes to the platform team with your name and this page's address, so that they can answer you."
                error={errors.text}
              >
                <textarea {...fieldProps("text", errors.text, true)} className="input" rows={5} value={text} onChange={(event) => setText(event.target.value)} />
              </Field>
              {problem ? <Notice tone="danger">{problem}</Notice> : null}
            </div>
            <div className="dialog-foot">
              <Link className="link mr-auto" href="/feedback" onClick={() => onOpenChange(false)}>
                What I told before
              </Link>
              <Button type="submit" variant="primary" pending={pending}>
                Send message
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
