"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useAct } from "@/components/ui/use-act";
import { linkIncident, resolveIncident } from "@/lib/metrics/actions";
import type { Incident } from "@/lib/metrics/contract";
import { DeclareIncident } from "./declare-incident";
import { IncidentsTable } from "./incidents-table";
import { momentWords } from "./words";

interface Deployment {
  id: string;
  commit: string;
  finishedAt: string;
}

interface Props {
  service: string;
  incidents: Incident[];
  total: number;
  /** Of production, to be named as a cause. */
  deployments: Deployment[];
  timeZone: string;
  mayDeclare: boolean;
  /** The service has ended: what was, is shown; nothing can break any more. */
  hasEnded: boolean;
  mayResolve: boolean;
  allHref?: string;
}

/** Incidents of a service: declare one, resolve it, say which deployment caused it. */
export function IncidentsSection({ service, incidents, total, deployments, timeZone, mayDeclare, hasEnded, mayResolve, allHref }: Props) {
  const [declaring, setDeclaring] = useState(false);
  const { act } = useAct();
  const menu = ({ id, resolved_at: resolvedAt, caused_by: causedBy, title }: Incident) => (
    <span className="line">
      {deployments.length > 0 ? (
        <select
          className="input cause"
          aria-label={`Deployment that caused ${title}`}
          value={deployments.some((one) => one.id === causedBy) ? (causedBy ?? "") : ""}
          onChange={(event) => act(() => linkIncident({ id, causedBy: event.target.value || null }), "Cause saved.")}
        >
          <option value="">{causedBy && !deployments.some((one) => one.id === causedBy) ? "Cause as reported" : "Cause by time"}</option>
          {deployments.map((one) => (
            <option key={one.id} value={one.id}>
              {momentWords(one.finishedAt, timeZone)}, {one.commit.slice(0, 7)}
            </option>
          ))}
        </select>
      ) : null}
      {resolvedAt ? null : (
        <Button size="sm" onClick={() => act(() => resolveIncident({ id }), "Incident resolved.")}>
          Resolve
        </Button>
      )}
    </span>
  );
  const empty = (
    <Empty title="No incident">
      {hasEnded ? "The service has ended, so none can be declared." : "Declare one when a deployment hurts: it shows in the change fail rate and in the time to recover."}
    </Empty>
  );
  return (
    <section aria-labelledby="incidents">
      <div className="section-head">
        <h2 id="incidents">
          Incidents <span className="muted">{total > incidents.length ? `latest ${incidents.length} of ${total}` : total || ""}</span>
        </h2>
        <span className="line">
          {allHref && total > 0 ? (
            <a className="link" href={allHref}>
              All incidents
            </a>
          ) : null}
          {mayDeclare && !declaring ? (
            <Button size="sm" onClick={() => setDeclaring(true)}>
              Declare incident
            </Button>
          ) : null}
        </span>
      </div>
      {declaring ? (
        <div className="panel panel-body mb-4">
          <DeclareIncident service={service} onEnd={() => setDeclaring(false)} />
        </div>
      ) : null}
      <IncidentsTable incidents={incidents} timeZone={timeZone} empty={empty} {...(mayResolve ? { menu } : {})} />
    </section>
  );
}
