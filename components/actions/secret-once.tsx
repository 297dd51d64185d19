"use client";

import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { replaceActionSecret } from "@/lib/actions/actions";

type Props = { secret: string; nextHref: string } | { name: string; hasSecret: boolean };

function Shown({ secret }: { secret: string }) {
  return (
    <Notice tone="info" action={<CopyButton text={secret} label="Copy signing secret" />}>
      <p>Signing secret, shown this once. Give it to the back end, which checks every call with it.</p>
      <code className="break-all">{secret}</code>
    </Notice>
  );
}

/** The signing secret of a webhook: after it was made, or on request a new one. */
export function SecretOnce(props: Props) {
  const [made, setMade] = useState<string | null>(null);
  const { pending, message, submit } = useSubmit();
  if ("secret" in props) {
    return (
      <div className="stack-4 form">
        <Shown secret={props.secret} />
        <div>
          <LinkButton href={props.nextHref} variant="primary">
            Open action
          </LinkButton>
        </div>
      </div>
    );
  }
  const replace = () =>
    submit(
      () => replaceActionSecret({ name: props.name }),
      ({ secret }) => setMade(secret),
    );
  return (
    <div className="stack">
      {made ? <Shown secret={made} /> : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button pending={pending} onClick={replace}>
          {props.hasSecret ? "Replace signing secret" : "Make signing secret"}
        </Button>
        <span className="muted">{props.hasSecret ? "The old one signs beside it for 24 h." : "There is none yet."}</span>
      </div>
    </div>
  );
}
