import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { absoluteTime } from "@/lib/core/format";

export interface MadeToken {
  id: string;
  name: string;
  baseUrl: string;
  token: string;
  expiresAt: string;
  oldUntil?: string | null;
}

/** A connection's token, the one time it is shown, with where it goes. */
export function NewToken({ name, baseUrl, token, expiresAt, oldUntil }: MadeToken) {
  return (
    <Notice tone="info">
      <span className="block">
        Enter both at <strong>{name}</strong> now: the token is not shown again. It works until {absoluteTime(expiresAt)}.
        {oldUntil ? ` The one before works until ${absoluteTime(oldUntil)}.` : ""}
      </span>
      <span className="line mt-2">
        <span className="muted">Base URL</span>
        <code className="mono break-all" data-testid="base-url">
          {baseUrl}
        </code>
        <CopyButton text={baseUrl} label="Copy base URL" />
      </span>
      <span className="line mt-1">
        <span className="muted">Token</span>
        <code className="mono break-all" data-testid="new-token">
          {token}
        </code>
        <CopyButton text={token} label="Copy token" />
      </span>
    </Notice>
  );
}
