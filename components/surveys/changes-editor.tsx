"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useSubmit } from "@/components/ui/use-submit";
import { day } from "@/lib/core/format";
import { addChange, removeChange } from "@/lib/surveys/actions";
import type { Change } from "@/lib/surveys/contract";

/** What people read after answering: what their answers led to. */
export function ChangesEditor({ changes }: { changes: Change[] }) {
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    void submit(
      () => addChange({ title: String(data.get("title") ?? ""), detail: String(data.get("detail") ?? "") }),
      () => {
        form.reset();
        router.refresh();
      },
    );
  };
  const remove = (id: string) =>
    submit(
      () => removeChange({ id }),
      () => router.refresh(),
    );
  return (
    <section>
      <SectionHead title="What we changed because of you" />
      <ul className="list bare ruled mb-4">
        {changes.map((change) => (
          <li key={change.id}>
            <span className="grow">
              <span className="strong block">{change.title}</span>
              <span className="muted">
                {change.detail} {day(change.changedOn)}
                {change.isDemo ? ", demo" : ""}
              </span>
            </span>
            <Button variant="icon" aria-label={`Remove “${change.title}”`} onClick={() => void remove(change.id)}>
              <X className="i" aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      <form className="stack-4" onSubmit={add} noValidate>
        <Field id="title" label="What changed" error={errors.title}>
          <input {...fieldProps("title", errors.title)} className="input" placeholder="Staging data is refreshed every night" autoComplete="off" />
        </Field>
        <Field id="detail" label="Why, or where to read more" error={errors.detail}>
          <input {...fieldProps("detail", errors.detail)} className="input" placeholder="14 comments in September." autoComplete="off" />
        </Field>
        {message ? <Notice tone="danger">{message}</Notice> : null}
        <div>
          <Button type="submit" pending={pending}>
            Add change
          </Button>
        </div>
      </form>
    </section>
  );
}
