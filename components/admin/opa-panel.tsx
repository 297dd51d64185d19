"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { connectOpa, disconnectOpa, testOpa } from "@/lib/guardrails/actions";
import { ABILITIES, ABILITY_WORDS, type OpaCheck, type OpaIntegration } from "@/lib/guardrails/contract";

const VERDICT: Record<OpaCheck["verdict"], { status: string; words: string }> = {
  allows: { status: "connected", words: "It answers, and allows the example." },
  warns: { status: "connected", words: "It answers, and warns of the example:" },
  refuses: { status: "connected", words: "It answers, and refuses the example:" },
  undecided: { status: "error", words: "" },
};
const FAIL_WORDS = { refuse: "Requests are refused", warn: "Requests are let through with a warning" };

/** Connect a policy agent that decides beside the guardrails, test it, leave it. */
export function OpaPanel({ opa }: { opa: OpaIntegration }) {
  const [isEditing, setEditing] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const done = (words: string) => {
    toast(words);
    setEditing(false);
    router.refresh();
  };
  if (isEditing) return <OpaForm opa={opa} onSaved={() => done("Connection saved. It is asked from the next request on.")} onCancel={() => setEditing(false)} />;
  if (!opa.isConnected)
    return (
      <div className="line spread wrap">
        <span className="muted">Not connected. Guardrails decide alone.</span>
        <Button onClick={() => setEditing(true)}>Connect policy agent</Button>
      </div>
    );
  return (
    <div className="stack-4">
      <dl className="facts">
        <dt>Asked at</dt>
        <dd className="mono break-words">
          {opa.url}/v1/data/{opa.path}
        </dd>
        <dt>Asked about</dt>
        <dd>{opa.abilities.map((ability) => ABILITY_WORDS[ability].title).join(", ")}</dd>
        <dt>Without an answer</dt>
        <dd>{FAIL_WORDS[opa.failMode]}</dd>
        <dt>Token</dt>
        <dd>{opa.hasToken ? "Stored" : "None"}</dd>
      </dl>
      <Test>
        <Button onClick={() => setEditing(true)}>Change connection</Button>
        <Disconnect onDone={() => done("It is forgotten.")} />
      </Test>
    </div>
  );
}

function Test({ children }: { children: React.ReactNode }) {
  const [check, setCheck] = useState<OpaCheck | null>(null);
  const { pending, message, submit } = useSubmit();
  return (
    <>
      <div aria-live="polite">
        {message ? <Notice tone="danger">{message}</Notice> : null}
        {check?.verdict === "undecided" ? <Notice tone="danger">{check.words}</Notice> : null}
        {check && check.verdict !== "undecided" ? (
          <p className="line wrap">
            <Status value={VERDICT[check.verdict].status} />
            <span>
              {VERDICT[check.verdict].words} {check.words} <span className="muted">{check.tookMs} ms</span>
            </span>
          </p>
        ) : null}
      </div>
      <div className="line wrap">
        <Button pending={pending} onClick={() => void submit(() => testOpa({}), setCheck)}>
          Test connection
        </Button>
        {children}
      </div>
    </>
  );
}

function Disconnect({ onDone }: { onDone: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const confirm = async () => {
    const result = await disconnectOpa({});
    if (!result.ok) return result.error.message;
    onDone();
    return null;
  };
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        Disconnect
      </Button>
      <ConfirmDialog open={isAsking} onOpenChange={setAsking} title="Disconnect the policy agent?" confirmLabel="Disconnect" onConfirm={confirm}>
        Its policies are not asked any more, and the stored token is forgotten. Guardrails go on as they are.
      </ConfirmDialog>
    </>
  );
}

function OpaForm({ opa, onSaved, onCancel }: { opa: OpaIntegration; onSaved: () => void; onCancel: () => void }) {
  const [abilities, setAbilities] = useState(opa.abilities);
  const { pending, errors, message, submit } = useSubmit();
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(`opa-${name}`) ?? "").trim();
    const token = typed("token");
    void submit(
      () => connectOpa({ url: typed("url"), path: typed("path"), abilities, failMode: typed("failMode") === "warn" ? "warn" : "refuse", ...(token ? { token } : {}) }),
      onSaved,
    );
  };
  const text = { className: "input mono", autoComplete: "off", spellCheck: false };
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      <Field id="opa-url" label="Address" required help="A host inside the network has to be listed in WAYMARK_PRIVATE_HOSTS." error={errors.url}>
        <input {...fieldProps("opa-url", errors.url, true)} {...text} defaultValue={opa.url} placeholder="https://opa.example.com" inputMode="url" />
      </Field>
      <Field id="opa-path" label="Package" required help="Its document is {allow, deny, warn}." error={errors.path}>
        <input {...fieldProps("opa-path", errors.path, true)} {...text} defaultValue={opa.path} placeholder="waymark/guardrails" />
      </Field>
      <fieldset className="stack border-0 p-0">
        <legend className="label mb-1">Asked about</legend>
        {ABILITIES.map((ability) => (
          <label key={ability} className="check">
            <input
              type="checkbox"
              checked={abilities.includes(ability)}
              onChange={(event) => setAbilities(ABILITIES.filter((one) => (one === ability ? event.target.checked : abilities.includes(one))))}
            />
            <span>{ABILITY_WORDS[ability].title}</span>
          </label>
        ))}
        {errors.abilities ? (
          <p className="t-danger" role="alert">
            {errors.abilities}
          </p>
        ) : null}
      </fieldset>
      <Field id="opa-failMode" label="While it does not answer" help="It has 0.8 seconds, and one more try." error={errors.failMode}>
        <ChoiceField
          {...fieldProps("opa-failMode", errors.failMode, true)}
          defaultValue={opa.failMode}
          options={[
            { value: "refuse", label: FAIL_WORDS.refuse },
            { value: "warn", label: FAIL_WORDS.warn },
          ]}
        />
      </Field>
      <Field id="opa-token" label="Token, optional" help={opa.hasToken ? "Stored. Leave empty to keep it." : "Sent as a bearer token."} error={errors.token}>
        <input {...fieldProps("opa-token", errors.token, true)} {...text} type="password" />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {opa.isConnected ? "Save connection" : "Connect policy agent"}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
