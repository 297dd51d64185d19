"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { useSubmit } from "@/components/ui/use-submit";
import { decideConfirmation } from "@/lib/agents/actions";
import type { Confirmation } from "@/lib/agents/contract";
import { absoluteTime } from "@/lib/core/format";

/** Exactly what an agent wants to do, and the two answers. Nothing is done before the person says so. */
export function ConfirmationView({ confirmation, now }: { confirmation: Confirmation; now: string }) {
  const { id, state, client, token, tool, title, effects, createdAt, expiresAt } = confirmation;
  const { pending, message, submit } = useSubmit();
  const [answer, setAnswer] = useState<boolean | null>(null);
  const router = useRouter();
  const decide = (confirm: boolean) => {
    setAnswer(confirm);
    return submit(
      () => decideConfirmation({ id, confirm }),
      () => router.refresh(),
    );
  };
  return (
    <div className="stack-6 form">
      <State confirmation={confirmation} />
      <section>
        <SectionHead title="What is asked for" />
        <ul className="panel list">
          {effects.map((effect) => (
            <li key={effect}>
              <span className="min-w-0 [overflow-wrap:anywhere]">{effect}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <SectionHead title="Who asks" />
        <dl className="facts narrow">
          <dt>Agent</dt>
          <dd>{client}</dd>
          <dt>Token</dt>
          <dd>
            {token.name} <span className="mono muted">{token.id}</span>
          </dd>
          <dt>Tool</dt>
          <dd className="mono">{tool}</dd>
          <dt>Asked</dt>
          <dd>
            <Time at={createdAt} now={now} />
          </dd>
          <dt>Ends</dt>
          <dd>{absoluteTime(expiresAt)}</dd>
        </dl>
      </section>
      <section>
        <SectionHead title="Arguments" />
        <div className="code">
          <code>{JSON.stringify(confirmation.arguments, null, 2)}</code>
        </div>
      </section>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      {state === "waiting" ? (
        <div className="line flex-wrap">
          <Button variant="danger-solid" pending={pending && answer === true} onClick={() => decide(true)}>
            {title}
          </Button>
          <Button pending={pending && answer === false} onClick={() => decide(false)}>
            Refuse
          </Button>
        </div>
      ) : null}
      {state === "confirmed" ? (
        <div>
          <Button pending={pending} onClick={() => decide(false)}>
            Take it back
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function State({ confirmation: { state, client, expiresAt, usedAt } }: { confirmation: Confirmation }) {
  switch (state) {
    case "waiting":
      return (
        <Notice tone="warning">
          {client} wants to do this in your name. Confirm it only if you asked for it: nothing has been done yet, and text that the agent read somewhere can have talked it into
          this.
        </Notice>
      );
    case "confirmed":
      return (
        <Notice tone="info">
          Confirmed. {client} may do exactly this once, until {absoluteTime(expiresAt)}. Go back to it and let it go on.
        </Notice>
      );
    case "refused":
      return <Notice tone="info">Refused. Nothing is done, and the agent is told so.</Notice>;
    case "used":
      return <Notice tone="info">Done{usedAt ? ` on ${absoluteTime(usedAt)}` : ""}. The confirmation is used up; its run is under Runs.</Notice>;
    case "expired":
      return <Notice tone="info">This has expired and nothing was done. If it is still wanted, let {client} ask again.</Notice>;
  }
}
