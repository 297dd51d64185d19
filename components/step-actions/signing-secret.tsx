"use client";

import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { replaceStepActionSecret } from "@/lib/golden-paths/actions";

/** The secret that signs the calls: after it was made, or on request a new one. Shown once. */
export function SigningSecret({ id, secret }: { id: string; secret: string | null }) {
  const [made, setMade] = useState<string | null>(secret);
  const { pending, message, submit } = useSubmit();
  const replace = () =>
    submit(
      () => replaceStepActionSecret({ id }),
      (answer) => setMade(answer.secret),
    );
  return (
    <div className="stack-4 form">
      {made ? (
        <Notice tone="info" action={<CopyButton text={made} label="Copy signing secret" />}>
          <p>Signing secret, shown this once. What answers at the address checks every call with it.</p>
          <code className="break-all">{made}</code>
        </Notice>
      ) : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      {secret ? (
        <div>
          <LinkButton href={`/admin/step-actions/${encodeURIComponent(id)}`} variant="primary">
            Open action
          </LinkButton>
        </div>
      ) : (
        <div className="line wrap">
          <Button pending={pending} onClick={() => void replace()}>
            Replace signing secret
          </Button>
          <span className="muted">The old one signs beside it for 24 h.</span>
        </div>
      )}
    </div>
  );
}
