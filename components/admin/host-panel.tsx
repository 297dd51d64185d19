"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { absoluteTime } from "@/lib/core/format";
import { HOST_WORDS } from "@/lib/hosts/contract";
import { connectHost, disconnectHost, testHost } from "@/lib/platform/actions";
import type { HostCheck, HostIntegration } from "@/lib/platform/contract";

/** Connect one more system by address and token, test it, leave it. The token is only ever sent, never shown. */
export function HostPanel({ host }: { host: HostIntegration }) {
  const [isEditing, setEditing] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const done = (words: string) => {
    toast(words);
    setEditing(false);
    router.refresh();
  };
  const { title } = HOST_WORDS[host.kind];
  if (isEditing) return <HostForm host={host} onSaved={() => done("Connection saved.")} onCancel={() => setEditing(false)} />;
  if (!host.isConnected) {
    return (
      <div className="line spread wrap">
        <span className="muted">Not connected.</span>
        <Button onClick={() => setEditing(true)}>Connect {title}</Button>
      </div>
    );
  }
  return (
    <div className="stack-4">
      <Facts host={host} />
      <Test host={host}>
        <Button onClick={() => setEditing(true)}>Change connection</Button>
        <Disconnect host={host} onDone={() => done("It is forgotten.")} />
      </Test>
    </div>
  );
}

function Facts({ host: { kind, url, owner, user, updatedAt } }: { host: HostIntegration }) {
  return (
    <dl className="facts">
      <dt>Address</dt>
      <dd className="mono">{url}</dd>
      <dt>{HOST_WORDS[kind].owner}</dt>
      <dd className="mono">{owner}</dd>
      {user ? (
        <>
          <dt>Account</dt>
          <dd className="mono">{user}</dd>
        </>
      ) : null}
      {updatedAt ? (
        <>
          <dt>Changed</dt>
          <dd>{absoluteTime(updatedAt)}</dd>
        </>
      ) : null}
    </dl>
  );
}

function Test({ host, children }: { host: HostIntegration; children: React.ReactNode }) {
  const [check, setCheck] = useState<HostCheck | null>(null);
  const { pending, message, submit } = useSubmit();
  return (
    <>
      <div aria-live="polite">
        {message ? <Notice tone="danger">{message}</Notice> : null}
        {check?.problem ? (
          <Notice tone="danger">
            {check.problem.cause} {check.problem.nextAction}
          </Notice>
        ) : null}
        {check?.identity ? (
          <p className="line wrap">
            <Status value="connected" />
            <span>
              as <span className="mono">{check.identity}</span>
            </span>
          </p>
        ) : null}
      </div>
      <div className="line wrap">
        <Button pending={pending} onClick={() => submit(() => testHost({ kind: host.kind }), setCheck)}>
          Test connection
        </Button>
        {children}
      </div>
    </>
  );
}

function Disconnect({ host: { kind }, onDone }: { host: HostIntegration; onDone: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { title } = HOST_WORDS[kind];
  const confirm = async () => {
    const result = await disconnectHost({ kind });
    if (!result.ok) return result.error.message;
    onDone();
    return null;
  };
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        Disconnect
      </Button>
      <ConfirmDialog open={isAsking} onOpenChange={setAsking} title={`Disconnect ${title}?`} confirmLabel="Disconnect" onConfirm={confirm}>
        The stored token is forgotten. {kind === "argocd" ? "Applications" : "Repositories"} there stay as they are; golden paths that need {title} cannot be run any more.
      </ConfirmDialog>
    </>
  );
}

function HostForm({ host, onSaved, onCancel }: { host: HostIntegration; onSaved: () => void; onCancel: () => void }) {
  const { kind, url, owner, user, isConnected } = host;
  const words = HOST_WORDS[kind];
  const { pending, errors, message, submit } = useSubmit();
  const id = (name: string) => `${kind}-${name}`;
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(id(name)) ?? "").trim() || undefined;
    void submit(() => connectHost({ kind, url: typed("url"), owner: typed("owner") ?? "", user: typed("user"), token: typed("token") }), onSaved);
  };
  const text = { className: "input mono", autoComplete: "off", spellCheck: false };
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      <Field id={id("url")} label="Address" help="A host inside the network has to be listed in WAYMARK_PRIVATE_HOSTS." error={errors.url}>
        <input
          {...fieldProps(id("url"), errors.url, true)}
          {...text}
          defaultValue={isConnected ? url : kind === "gitea" || kind === "argocd" ? "" : url}
          placeholder={words.url}
          inputMode="url"
        />
      </Field>
      <Field
        id={id("owner")}
        label={words.owner}
        required
        help={kind === "argocd" ? "As golden paths name it in argoInstance." : "Where new repositories are made, unless a golden path names another place."}
        error={errors.owner}
      >
        <input {...fieldProps(id("owner"), errors.owner, true)} {...text} defaultValue={owner ?? ""} placeholder={words.example} />
      </Field>
      {kind === "bitbucket" ? (
        <Field id={id("user")} label="E-mail address" help="Of the Atlassian account, with an API token. Empty with an access token." error={errors.user}>
          <input {...fieldProps(id("user"), errors.user, true)} {...text} defaultValue={user ?? ""} inputMode="email" />
        </Field>
      ) : null}
      <Field id={id("token")} label="Token" required={!isConnected} help={isConnected ? "Stored. Leave empty to keep it." : words.token} error={errors.token}>
        <input {...fieldProps(id("token"), errors.token, true)} {...text} type="password" />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {isConnected ? "Save connection" : `Connect ${words.title}`}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
