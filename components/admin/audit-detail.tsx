import { X } from "lucide-react";
import { LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { AuditEvent } from "@/lib/audit/contract";
import { absoluteTime } from "@/lib/core/format";
import { DOOR_WORDS } from "./audit-words";

const PAGES: Record<string, (id: string) => string> = {
  environment: (id) => `/environments/${id}`,
  run: (id) => `/runs/${id}`,
  user: (id) => `/admin/people/${id}`,
  provisioning: (id) => `/admin/provisioning/${id}`,
};

const ACTOR_WORDS: Record<AuditEvent["actor"]["type"], (label: string) => string> = {
  user: (label) => label,
  system: (label) => `Waymark (${label})`,
  connection: (label) => `${label} (provisioning connection)`,
  anonymous: () => "Nobody signed in",
};

/** Everything that was written down about one event. */
export function AuditDetail({ event, closeHref, targetHref }: { event: AuditEvent; closeHref: string; targetHref: string }) {
  const { target, actor } = event;
  const page = target ? PAGES[target.type]?.(target.id) : undefined;
  return (
    <aside className="stack-4" aria-label="Selected event">
      <div className="line spread">
        <h2 className="mono">{event.name}</h2>
        <LinkButton variant="icon" href={closeHref} aria-label="Close the event">
          <X className="i" aria-hidden />
        </LinkButton>
      </div>
      <dl className="facts narrow">
        <dt>Result</dt>
        <dd>
          <Status value={event.result} />
        </dd>
        <dt>Time</dt>
        <dd>{absoluteTime(event.at)}</dd>
        <dt>Actor</dt>
        <dd>{ACTOR_WORDS[actor.type](actor.label)}</dd>
        <dt>Door</dt>
        <dd>
          {DOOR_WORDS[event.door]}
          {event.mcpClient ? <>, {event.mcpClient}</> : null}
          {event.tokenId ? <span className="mono muted"> {event.tokenId}</span> : null}
        </dd>
        {target ? (
          <>
            <dt>Target</dt>
            <dd>
              {page ? (
                <Link className="link" href={page}>
                  {target.label}
                </Link>
              ) : (
                target.label
              )}
              <span className="muted">, {target.type}</span>
              <Link className="link block" href={targetHref}>
                All events about it
              </Link>
            </dd>
          </>
        ) : null}
        {event.team ? (
          <>
            <dt>Team</dt>
            <dd className="mono">{event.team}</dd>
          </>
        ) : null}
        <dt>Network</dt>
        <dd className="mono">{event.ipPrefix ?? "Unknown"}</dd>
        {event.requestId ? (
          <>
            <dt>Request</dt>
            <dd className="line">
              <span className="mono truncate">{event.requestId}</span>
              <CopyButton text={event.requestId} label="Copy request id" />
            </dd>
          </>
        ) : null}
      </dl>
      {Object.keys(event.detail).length ? (
        <div>
          <h3 className="mb-2">Detail</h3>
          <div className="code">
            <code className="whitespace-pre-wrap">{JSON.stringify(event.detail, null, 2)}</code>
          </div>
        </div>
      ) : null}
    </aside>
  );
}
