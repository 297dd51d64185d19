"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { absoluteTime } from "@/lib/core/format";
import { connectChat, connectMail, disconnectChannel, testChannel } from "@/lib/notifications/actions";
import type { ChannelState } from "@/lib/notifications/contract";

const WORDS = {
  email: {
    none: "Not set up. Notices of the survey stay in the portal.",
    address: "Mail server",
    help: "smtps://name:password@mail.example.com, or smtp://… with STARTTLS where the server offers it. Special characters of the password percent-encoded.",
    test: "Send test to me",
  },
  chat: {
    none: "Not set up. Where it is, the channel is told when a survey opens and on day 3 and day 6.",
    address: "Incoming webhook",
    help: "Of Slack, Mattermost or Google Chat. A host inside the network has to be listed in WAYMARK_PRIVATE_HOSTS.",
    test: "Send test to the channel",
  },
};

/** Set up one way out of the portal, test it, leave it. Secrets are only ever sent, never shown. */
export function ChannelPanel({ state }: { state: ChannelState }) {
  const { channel, source } = state;
  const [isEditing, setEditing] = useState(false);
  const { pending, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const done = (words: string) => {
    toast(words);
    setEditing(false);
    router.refresh();
  };
  if (source === "none" || isEditing) {
    return (
      <div className="stack-4">
        {source === "none" ? <p className="muted">{WORDS[channel].none}</p> : null}
        <ChannelForm state={state} onSaved={() => done("Saved.")} {...(isEditing ? { onCancel: () => setEditing(false) } : {})} />
      </div>
    );
  }
  return (
    <div className="stack-4">
      <Facts state={state} />
      {source === "environment" ? <Notice tone="info">Set by SMTP_URL in the portal’s environment. Change it there and start the portal again.</Notice> : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line wrap">
        <Button
          pending={pending}
          onClick={() =>
            submit(
              () => testChannel({ channel }),
              () => done("The test is on its way; reload in a few seconds to see how it went."),
            )
          }
        >
          {WORDS[channel].test}
        </Button>
        {source === "stored" ? (
          <>
            <Button onClick={() => setEditing(true)}>Change</Button>
            <Button
              variant="danger"
              pending={pending}
              onClick={() =>
                submit(
                  () => disconnectChannel({ channel }),
                  () => done("It is forgotten."),
                )
              }
            >
              Disconnect
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Facts({ state: { host, from, waiting, sentLately, lastSentAt, lastProblem } }: { state: ChannelState }) {
  return (
    <dl className="facts">
      <dt>Host</dt>
      <dd className="mono">{host}</dd>
      {from ? (
        <>
          <dt>Sender</dt>
          <dd className="mono">{from}</dd>
        </>
      ) : null}
      <dt>Sent</dt>
      <dd>
        {sentLately} in seven days{lastSentAt ? `, last on ${absoluteTime(lastSentAt)}` : ""}; {waiting} waiting
      </dd>
      {lastProblem ? (
        <>
          <dt>Last problem</dt>
          <dd>
            {lastProblem.title}, {absoluteTime(lastProblem.at)}: {lastProblem.problem}
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function ChannelForm({ state, onSaved, onCancel }: { state: ChannelState; onSaved: () => void; onCancel?: () => void }) {
  const { channel, source, from } = state;
  const { pending, errors, message, submit } = useSubmit();
  const words = WORDS[channel];
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(`${channel}-${name}`) ?? "").trim();
    const url = typed("url");
    if (channel === "chat") return void submit(() => connectChat({ url }), onSaved);
    void submit(() => connectMail({ from: typed("from"), ...(url ? { url } : {}) }), onSaved);
  };
  const isKept = source === "stored" && channel === "email";
  return (
    <form className="stack-4 form" onSubmit={save} noValidate>
      <Field id={`${channel}-url`} label={words.address} required={!isKept} help={isKept ? "Stored. Leave empty to keep it." : words.help} error={errors.url}>
        <input {...fieldProps(`${channel}-url`, errors.url, true)} className="input mono" type="password" autoComplete="off" spellCheck={false} />
      </Field>
      {channel === "email" ? (
        <Field id="email-from" label="Sender" required help="waymark@example.com, or Waymark <waymark@example.com>." error={errors.from}>
          <input {...fieldProps("email-from", errors.from, true)} className="input mono" defaultValue={from ?? ""} autoComplete="off" spellCheck={false} />
        </Field>
      ) : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" variant="primary" pending={pending}>
          {channel === "email" ? "Save mail" : "Save chat"}
        </Button>
        {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
      </div>
    </form>
  );
}
