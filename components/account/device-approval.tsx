"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useSubmit } from "@/components/ui/use-submit";
import { decideDevice } from "@/lib/identity/actions";
import type { DeviceRequest } from "@/lib/identity/contract";

/** Asks for the code that a command line shows. */
export function DeviceCodeForm({ problem, code }: { problem: string | null; code: string }) {
  const router = useRouter();
  const [typed, setTyped] = useState(code);
  const look = (event: FormEvent) => {
    event.preventDefault();
    router.push(`/device?code=${encodeURIComponent(typed.trim())}`);
  };
  return (
    <form className="stack-4" onSubmit={look} noValidate>
      <Field id="code" label="Code" help="As the command line shows it." error={problem ?? undefined}>
        <input
          className="input mono"
          {...fieldProps("code", problem ?? undefined, true)}
          value={typed}
          placeholder="BCDF-GHJK"
          maxLength={20}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="characters"
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <div>
        <Button type="submit" variant="primary">
          Continue
        </Button>
      </div>
    </form>
  );
}

/** Says who asks for what; nothing is given before the person says so. */
export function DeviceApproval({ request, person, network, now }: { request: DeviceRequest; person: string; network: string | null; now: string }) {
  const { pending, errors, message, submit } = useSubmit();
  const [decided, setDecided] = useState<"approved" | "denied" | null>(null);
  const decide = (approve: boolean) =>
    submit(
      () => decideDevice({ userCode: request.userCode, approve }),
      () => setDecided(approve ? "approved" : "denied"),
    );
  if (decided) {
    return (
      <Notice tone="info">
        {decided === "approved" ? `${request.client} is signed in as you. Go back to your terminal; this page can be closed.` : "Refused. The command line gets nothing."}
      </Notice>
    );
  }
  const elsewhere = request.ipPrefix !== null && network !== null && request.ipPrefix !== network;
  return (
    <div className="stack-4">
      <p>
        A command line wants to act as <strong>{person}</strong>. Allow it only if you started it yourself and it shows this code.
      </p>
      <dl className="facts">
        <dt>Code</dt>
        <dd className="mono strong">{request.userCode}</dd>
        <dt>Program</dt>
        <dd>{request.client}</dd>
        <dt>Network</dt>
        <dd>
          <span className="mono">{request.ipPrefix ?? "Unknown"}</span>
          {elsewhere ? <span className="t-warning block">Not the one of this browser ({network}).</span> : null}
        </dd>
        <dt>Asked</dt>
        <dd>
          <Time at={request.createdAt} now={now} />
        </dd>
        <dt>Scopes</dt>
        <dd className="mono">{request.scopes.join(", ")}</dd>
        <dt>Lifetime</dt>
        <dd>90 days; it can be revoked under Account</dd>
      </dl>
      {message || errors.userCode ? <Notice tone="danger">{message ?? errors.userCode}</Notice> : null}
      <div className="line">
        <Button variant="primary" pending={pending} onClick={() => decide(true)}>
          Allow command line
        </Button>
        <Button onClick={() => decide(false)}>Refuse</Button>
      </div>
    </div>
  );
}
