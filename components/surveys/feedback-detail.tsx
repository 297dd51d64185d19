"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { answerFeedback } from "@/lib/surveys/actions";
import type { Feedback } from "@/lib/surveys/contract";
import { FeedbackMessage } from "./own-feedback";

/** One message beside the list, with the place to answer it. */
export function FeedbackDetail({ message, now, closeHref }: { message: Feedback; now: string; closeHref: string }) {
  const [text, setText] = useState("");
  const { pending, errors, message: refused, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => answerFeedback({ id: message.id, answer: text }),
      () => {
        setText("");
        toast(`${message.from.name} was told.`);
        router.refresh();
      },
    );
  };
  return (
    <aside className="stack-4" aria-label="Selected message">
      <div className="line spread">
        <h2>{message.from.name}</h2>
        <LinkButton variant="icon" href={closeHref} aria-label="Close the message">
          <X className="i" aria-hidden />
        </LinkButton>
      </div>
      <FeedbackMessage message={message} now={now} />
      <form className="stack-4" onSubmit={send} noValidate>
        <Field
          id="answer"
          label={message.answer ? "Answer again" : "Answer"}
          help={message.answer ? "Replaces the answer above; they get a new notice." : "They get a notice and read it here."}
          error={errors.answer}
        >
          <textarea {...fieldProps("answer", errors.answer, true)} className="input" rows={4} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
        {refused ? <Notice tone="danger">{refused}</Notice> : null}
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            Send answer
          </Button>
        </div>
      </form>
    </aside>
  );
}
