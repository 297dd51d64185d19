"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useSubmit } from "@/components/ui/use-submit";
import { commentProposal } from "@/lib/golden-paths/actions";
import type { ProposalEvent } from "@/lib/golden-paths/contract";

const SENTENCES: Record<ProposalEvent["kind"], string> = {
  began: "began it",
  submitted: "submitted it for review",
  commented: "commented",
  "changes-requested": "asked for changes",
  accepted: "accepted it",
  declined: "declined it",
  withdrawn: "withdrew it",
  reopened: "took it back to work on it",
  updated: "brought it up to date",
  published: "published it",
  returned: "discarded the draft that held it, so it waits for review again",
};

interface Props {
  id: string;
  events: ProposalEvent[];
  now: string;
  mayComment: boolean;
}

/** What happened to a proposal and what was said about it, oldest first. */
export function Discussion({ id, events, now, mayComment }: Props) {
  const [comment, setComment] = useState("");
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => commentProposal({ id, comment }),
      () => {
        setComment("");
        router.refresh();
      },
    );
  };
  return (
    <div className="stack-4">
      <ol className="list bare">
        {events.map((event) => (
          <li key={event.id}>
            <span className="grow min-w-0">
              <span className="strong">{event.by ?? "Waymark"}</span> {SENTENCES[event.kind]}
              {event.text ? <span className="block whitespace-pre-wrap break-words">{event.text}</span> : null}
            </span>
            <span className="muted">
              <Time at={event.at} now={now} />
            </span>
          </li>
        ))}
      </ol>
      {mayComment ? (
        <form className="stack-4" onSubmit={send} noValidate>
          <Field id="comment" label="Comment" error={errors.comment}>
            <textarea {...fieldProps("comment", errors.comment)} className="input" rows={3} value={comment} onChange={(event) => setComment(event.target.value)} />
          </Field>
          {message ? <Notice tone="danger">{message}</Notice> : null}
          <div>
            <Button type="submit" pending={pending}>
              Send comment
            </Button>
          </div>
        </form>
      ) : null}
    </div>
  );
}
