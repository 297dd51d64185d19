"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { createWebhookSource } from "@/lib/metrics/actions";
import { WEBHOOK_TYPES, type WebhookType } from "@/lib/metrics/contract";
import { NewSecret } from "./new-secret";
import { TYPE_WORDS } from "./words";

export function CreateWebhookSource() {
  const { pending, errors, message, submit } = useSubmit();
  const [made, setMade] = useState<{ name: string; address: string; secret: string } | null>(null);
  const [name, setName] = useState("");
  const [type, setType] = useState<WebhookType>("github");
  const router = useRouter();
  const create = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => createWebhookSource({ name, type }),
      (data) => {
        setMade(data);
        setName("");
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4 form" onSubmit={create} noValidate>
      {made ? <NewSecret {...made} /> : null}
      <Field id="type" label="Kind" error={errors.type}>
        <ChoiceField
          {...fieldProps("type", errors.type, false)}
          value={type}
          onChange={(event) => setType(WEBHOOK_TYPES.find((one) => one === event.target.value) ?? "github")}
          options={WEBHOOK_TYPES.map((value) => ({ value, label: TYPE_WORDS[value] }))}
        />
      </Field>
      <Field id="name" label="Name" required help="Which organisation, account or cluster sends. One secret per sender, so that one can be withdrawn alone." error={errors.name}>
        <input
          className="input"
          {...fieldProps("name", errors.name, true)}
          value={name}
          maxLength={60}
          placeholder="acme at github.com"
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
        />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Add source
        </Button>
      </div>
    </form>
  );
}
