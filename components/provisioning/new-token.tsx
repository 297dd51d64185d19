import { Notice } from "@/components/ui/notice";
import { ValueToCopy } from "@/components/ui/value-to-copy";
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
      <ValueToCopy name="Base URL" value={baseUrl} testId="base-url" />
      <ValueToCopy name="Token" value={token} testId="new-token" />
    </Notice>
  );
}
