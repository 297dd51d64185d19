"use client";

import { useState } from "react";
import { FreshSignInNotice } from "@/components/admin/fresh-sign-in-notice";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { createConnection } from "@/lib/identity/actions";
import { GROUP_KEYS, type ProvisioningConnection, RECOGNISE } from "@/lib/identity/contract";
import type { MadeToken } from "./new-token";
import { GROUP_KEY_WORDS, PRESETS, type Provider, RECOGNISE_WORDS } from "./words";

const PROVIDERS: Provider[] = ["okta", "entra", "other"];

/** Name and provider; how people and groups are known follows from the provider, and can be set otherwise. */
export function MakeConnection({ open, onOpenChange, onMade }: { open: boolean; onOpenChange: (open: boolean) => void; onMade: (made: MadeToken) => void }) {
  const [provider, setProvider] = useState<Provider>("okta");
  // Null until somebody types one: then the provider's own.
  const [typed, setTyped] = useState<string | null>(null);
  const [recognise, setRecognise] = useState<ProvisioningConnection["recognise"]>("sub");
  const [groupKey, setGroupKey] = useState<ProvisioningConnection["groupKey"]>("displayName");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const name = typed ?? PRESETS[provider].name;
  const choose = (next: Provider) => {
    setProvider(next);
    setRecognise(PRESETS[next].recognise);
    setGroupKey(PRESETS[next].groupKey);
  };
  const make = async () => {
    const result = await createConnection({ name, recognise, groupKey });
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    if (!result.ok) return result.error.fields.length ? "stay" : result.error.message;
    setTyped(null);
    onMade(result.data);
    return null;
  };
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title="Make a connection" submitLabel="Make connection" onSubmit={make}>
      <Field id="provider" label="Identity provider">
        <ChoiceField
          {...fieldProps("provider", undefined)}
          value={provider}
          options={PROVIDERS.map((value) => ({ value, label: PRESETS[value].title }))}
          onChange={(event) => choose(PROVIDERS.find((one) => one === event.target.value) ?? "other")}
        />
      </Field>
      <Field id="name" label="Name" help="Stands in the audit log as who made each change." error={errors.name} required>
        <input
          className="input"
          {...fieldProps("name", errors.name, true)}
          value={name}
          maxLength={60}
          placeholder="Keycloak, realm staff"
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
        />
      </Field>
      <Field
        id="recognise"
        label="A pushed person is who signs in when"
        help="Checked at their first sign-in, and only for accounts that nobody has signed in to. Afterwards an account is its issuer and subject."
        error={errors.recognise}
      >
        <ChoiceField
          {...fieldProps("recognise", errors.recognise, true)}
          value={recognise}
          options={RECOGNISE.map((value) => ({ value, label: RECOGNISE_WORDS[value] }))}
          onChange={(event) => setRecognise(RECOGNISE.find((one) => one === event.target.value) ?? "sub")}
        />
      </Field>
      <Field
        id="groupKey"
        label="Role rules know a pushed group by"
        help="Take the id where owners of groups may rename them: a name must not be a way to become platform admin."
        error={errors.groupKey}
      >
        <ChoiceField
          {...fieldProps("groupKey", errors.groupKey, true)}
          value={groupKey}
          options={GROUP_KEYS.map((value) => ({ value, label: GROUP_KEY_WORDS[value] }))}
          onChange={(event) => setGroupKey(GROUP_KEYS.find((one) => one === event.target.value) ?? "displayName")}
        />
      </Field>
      {errors.session ? <FreshSignInNotice message={errors.session} returnTo="/admin/provisioning" /> : null}
    </FormDialog>
  );
}
