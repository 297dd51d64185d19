"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { CodeBlock } from "@/components/ui/copy-button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { CLIENT_KINDS, type ClientKind, clientSetup } from "@/lib/agents/contract";
import type { Scope } from "@/lib/core/actor";
import { createToken } from "@/lib/identity/actions";

const RIGHTS: { value: string; label: string; help: string; scopes: Scope[] }[] = [
  { value: "read", label: "Read only", help: "It sees what you see and changes nothing.", scopes: ["read"] },
  { value: "environments", label: "Read, and environments", help: "It also creates, deploys, extends and restarts environments.", scopes: ["read", "env:write"] },
  {
    value: "work",
    label: "Read, environments, services and actions",
    help: "It also makes services and runs actions. You confirm here whatever cannot be undone.",
    scopes: ["read", "env:write", "repo:create", "actions:run"],
  },
];
const PLACEHOLDER = "wmk_mcp_…";
const LIFETIME = "90d";

/** From a choice of client and rights to the text that the client wants. The token is made by the same press and shown once. */
export function ConnectAgent({ url, isOn }: { url: string; isOn: boolean }) {
  const { pending, message, errors, submit } = useSubmit();
  const [kind, setKind] = useState<ClientKind>("claude-code");
  const [rights, setRights] = useState("read");
  const [token, setToken] = useState<string | null>(null);
  const router = useRouter();
  const chosen = RIGHTS.find(({ value }) => value === rights) ?? RIGHTS[0];
  const setup = clientSetup(kind, url, token ?? PLACEHOLDER);
  if (!isOn) return <Notice tone="info">Agents are switched off on this Waymark. A platform admin can switch them on under Admin, Settings.</Notice>;
  const create = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => createToken({ kind: "mcp", name: setup.title, ttl: LIFETIME, scopes: chosen?.scopes ?? ["read"] }),
      (made) => {
        setToken(made.token);
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4 form" onSubmit={create} noValidate>
      <p className="muted">
        An agent or editor that speaks MCP works here in your name: with your role, the rights you choose, and every change in the audit log. Its address is{" "}
        <code className="mono break-all">{url}</code>.
      </p>
      <Field id="agent-kind" label="Client">
        <ChoiceField
          {...fieldProps("agent-kind", undefined)}
          value={kind}
          options={CLIENT_KINDS.map((value) => ({ value, label: clientSetup(value, "", "").title }))}
          onChange={(event) => {
            setKind(event.target.value as ClientKind);
            setToken(null);
          }}
        />
      </Field>
      <Field id="agent-rights" label="Rights" help={chosen?.help}>
        <ChoiceField
          {...fieldProps("agent-rights", undefined, true)}
          value={rights}
          options={RIGHTS.map(({ value, label }) => ({ value, label }))}
          onChange={(event) => {
            setRights(event.target.value);
            setToken(null);
          }}
        />
      </Field>
      <div className="field">
        <span className="label">Configuration</span>
        <span className="help">{setup.where}</span>
        <CodeBlock code={setup.text} label="Copy configuration" prompt="" />
      </div>
      {token ? (
        <Notice tone="info">
          It holds a token of yours for 90 days that works for agents alone. Copy it now: it is not shown again. It is in the list above and can be revoked there.
        </Notice>
      ) : null}
      {message || errors.scopes ? <Notice tone="danger">{message ?? errors.scopes}</Notice> : null}
      {token ? null : (
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            Connect agent
          </Button>
        </div>
      )}
    </form>
  );
}
