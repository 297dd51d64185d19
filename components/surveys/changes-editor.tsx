"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { useSubmit } from "@/components/ui/use-submit";
import { addChange, removeChange } from "@/lib/surveys/actions";
import type { Change, ChangeTarget } from "@/lib/surveys/contract";
import { ChangeLine } from "./change-line";

const KINDS: Record<ChangeTarget["kind"], string> = { deployment: "Deployment", "golden-path": "Golden path", run: "Run" };
const ADDRESS = "address";

/** What people read after answering: what their answers led to, and where it can be seen. */
export function ChangesEditor({ changes, targets }: { changes: Change[]; targets: ChangeTarget[] }) {
  const [target, setTarget] = useState("");
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    void submit(
      () => {
        const [href, changedOn] = [target === ADDRESS ? textOf(data, "href") : target, textOf(data, "changedOn")];
        return addChange({ title: textOf(data, "title"), detail: textOf(data, "detail"), ...(href ? { href } : {}), ...(changedOn ? { changedOn } : {}) });
      },
      () => {
        form.reset();
        setTarget("");
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
            <span className="grow min-w-0">
              <ChangeLine change={change} />
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
        <Field id="target" label="Linked to" error={target === ADDRESS ? undefined : errors.href}>
          <ChoiceField
            {...fieldProps("target", target === ADDRESS ? undefined : errors.href)}
            value={target}
            options={[
              { value: "", label: "Nothing" },
              { value: ADDRESS, label: "An address" },
              ...targets.map(({ kind, href, label }) => ({ value: href, label: `${KINDS[kind]}: ${label}` })),
            ]}
            onChange={(event) => setTarget(event.target.value)}
          />
        </Field>
        {target === ADDRESS ? (
          <Field id="href" label="Address" help="Of a web page, or a path of this portal." error={errors.href}>
            <input {...fieldProps("href", errors.href, true)} className="input" placeholder="https://wiki.example/staging-data" autoComplete="off" />
          </Field>
        ) : null}
        <Field id="changedOn" label="Day, optional" help="Left empty, the day of what it is linked to, else today." error={errors.changedOn}>
          <input {...fieldProps("changedOn", errors.changedOn, true)} className="input" type="date" />
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

const textOf = (data: FormData, name: string) => String(data.get(name) ?? "").trim();
