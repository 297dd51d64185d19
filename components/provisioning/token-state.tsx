import { absoluteTime } from "@/lib/core/format";
import { type ProvisioningConnection, SCIM_TOKEN_WARNING_DAYS } from "@/lib/identity/contract";

const DAY_MS = 86_400_000;

/** How long the connection's token works; says so in time when it ends. */
export function TokenState({ tokens, now }: { tokens: ProvisioningConnection["tokens"]; now: string }) {
  const [newest] = tokens;
  if (!newest) return <span className="t-danger">None works</span>;
  const days = Math.floor((Date.parse(newest.expiresAt) - Date.parse(now)) / DAY_MS);
  const until = <span title={absoluteTime(newest.expiresAt)}>{days < 1 ? "ends today" : `${days} ${days === 1 ? "day" : "days"} left`}</span>;
  return days < SCIM_TOKEN_WARNING_DAYS ? <span className="t-warning">{until}</span> : until;
}
