"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { connectGithub } from "@/lib/platform/actions";
import type { GithubIntegration } from "@/lib/platform/contract";

const WAYS = [
  { value: "app", label: "GitHub App (recommended)" },
  { value: "token", label: "Token" },
];

interface Props {
  github: GithubIntegration;
  onSaved: () => void;
  onCancel?: () => void;
}

export function GithubForm({ github, onSaved, onCancel }: Props) {
  const [auth, setAuth] = useState<"app" | "token">(github.auth ?? "app");
  const { pending, errors, message, submit } = useSubmit();
  const toast = useToast();
  const isStored = github.source === "stored";
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    const secret = auth === "app" ? { appId: typed("appId"), privateKey: typed("privateKey") } : { token: typed("token") };
    const input = { auth, owner: typed("owner") ?? "", apiUrl: typed("apiUrl"), ...secret };
    void submit(
      () => connectGithub(input),
      () => {
        toast("Connection saved.");
        onSaved();
      },
    );
  };
  const keep = isStored ? "Stored. Leave empty to keep it." : undefined;
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      <Field id="auth" label="Sign in with" help="An App has its own permissions and short-lived tokens. A token acts as the person who made it.">
        <ChoiceField {...fieldProps("auth", undefined, true)} options={WAYS} value={auth} onChange={(event) => setAuth(event.target.value === "token" ? "token" : "app")} />
      </Field>
      <Field id="owner" label="Owner" required help="The organisation that repositories are made for, as in github.com/acme." error={errors["owner"]}>
        <input {...fieldProps("owner", errors["owner"], true)} className="input mono" defaultValue={github.owner ?? ""} placeholder="acme" autoComplete="off" spellCheck={false} />
      </Field>
      {auth === "app" ? (
        <>
          <Field id="appId" label="App id" required help="A number, at the top of the App’s settings." error={errors["appId"]}>
            <input {...fieldProps("appId", errors["appId"], true)} className="input mono" defaultValue={github.appId ?? ""} inputMode="numeric" autoComplete="off" />
          </Field>
          <Field id="privateKey" label="Private key" required={!isStored} help={keep ?? "The whole .pem file, from BEGIN to END."} error={errors["privateKey"]}>
            <textarea {...fieldProps("privateKey", errors["privateKey"], true)} className="input mono" rows={5} autoComplete="off" spellCheck={false} />
          </Field>
        </>
      ) : (
        <Field
          id="token"
          label="Token"
          required={!isStored}
          help={keep ?? "A fine-grained token of the organisation, or a classic one with repo and workflow."}
          error={errors["token"]}
        >
          <input {...fieldProps("token", errors["token"], true)} className="input mono" type="password" autoComplete="off" />
        </Field>
      )}
      <Field id="apiUrl" label="API address" help="Of a GitHub Enterprise Server: https://github.example.com/api/v3." error={errors["apiUrl"]}>
        <input {...fieldProps("apiUrl", errors["apiUrl"], true)} className="input mono" defaultValue={github.apiUrl} inputMode="url" autoComplete="off" spellCheck={false} />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {isStored ? "Save connection" : "Connect GitHub"}
        </Button>
        {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
      </div>
    </form>
  );
}
