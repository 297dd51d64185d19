"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { ValueToCopy } from "@/components/ui/value-to-copy";
import type { Scope } from "@/lib/core/actor";
import { createToken } from "@/lib/identity/actions";

const SCOPE_WORDS: { value: Scope; words: string; adminOnly?: boolean }[] = [
  { value: "read", words: "Read what you may see" },
  { value: "env:write", words: "Create, change and delete environments" },
  { value: "repo:create", words: "Create repositories and services" },
  { value: "catalog:write", words: "Change catalog entities" },
  { value: "actions:run", words: "Run actions" },
  { value: "events:write", words: "Send deployments, commits and incidents" },
  { value: "admin", words: "What only platform admins may do", adminOnly: true },
];
const LIFETIMES = [
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
  { value: "366d", label: "366 days, the longest" },
];

export function CreateToken({ isAdmin }: { isAdmin: boolean }) {
  const { pending, errors, message, submit } = useSubmit();
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const [name, setName] = useState("");
  const [ttl, setTtl] = useState("90d");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const router = useRouter();
  const toggle = (scope: Scope, on: boolean) => setScopes((all) => (on ? [...all, scope] : all.filter((one) => one !== scope)));
  const create = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => createToken({ name, ttl, scopes }),
      (data) => {
        setMade({ name: data.name, token: data.token });
        setName("");
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4 form" onSubmit={create} noValidate>
      {made ? (
        <Notice tone="info">
          <span className="block">
            This is <strong>{made.name}</strong>. Copy it now: it is not shown again.
          </span>
          <ValueToCopy name="Token" value={made.token} testId="new-token" />
        </Notice>
      ) : null}
      <Field id="name" label="Name" required help="Where it is used, so that you know later which one to revoke." error={errors.name}>
        <input
          className="input"
          {...fieldProps("name", errors.name, true)}
          value={name}
          maxLength={60}
          placeholder="laptop"
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
        />
      </Field>
      <Field id="ttl" label="Lifetime" error={errors.ttl}>
        <ChoiceField {...fieldProps("ttl", errors.ttl)} value={ttl} options={LIFETIMES} onChange={(event) => setTtl(event.target.value)} />
      </Field>
      <fieldset className="field border-0 p-0 m-0">
        <legend className="label p-0">Scopes</legend>
        <span className="help">It can do what its scopes and your role both allow, as your role is at that moment.</span>
        {SCOPE_WORDS.filter((scope) => isAdmin || !scope.adminOnly).map(({ value, words }) => (
          <label key={value} className="check">
            <input type="checkbox" checked={scopes.includes(value)} aria-invalid={errors.scopes ? true : undefined} onChange={(event) => toggle(value, event.target.checked)} />
            <span className="mono">{value}</span>
            <span className="muted">{words}</span>
          </label>
        ))}
        {errors.scopes ? (
          <span className="error" role="alert">
            {errors.scopes}
          </span>
        ) : null}
      </fieldset>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" pending={pending}>
          Create token
        </Button>
      </div>
    </form>
  );
}
