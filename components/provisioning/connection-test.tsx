"use client";

import { LinkButton } from "@/components/ui/button";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import type { ProvisioningConnection } from "@/lib/identity/contract";

const VERDICTS: Record<number, string> = {
  401: "The token that it sent has ended. Make a new one below and enter it there.",
  429: "It asks more than 50 times a second and is slowed down.",
};

/** Waits for the next request of the provider. `since` is how many had come when the wait began; it is in the address, so a reload goes on waiting. */
export function ConnectionTest({ connection, since }: { connection: ProvisioningConnection; since: number | null }) {
  const { id, requests, last } = connection;
  const again = (
    <LinkButton size="sm" href={`/admin/provisioning/${id}?since=${requests}`}>
      {since === null ? "Wait for a request" : "Test again"}
    </LinkButton>
  );
  return (
    <section>
      <SectionHead title="Test" />
      {since === null ? (
        <div className="line wrap">
          {again}
          <span className="muted">Then press the provider's own test button (Okta: Test API Credentials, Entra ID: Test Connection).</span>
        </div>
      ) : requests <= since || !last ? (
        <>
          <KeepFresh busy />
          <Notice tone="info">
            Waiting for the provider. Press its own test button now (Okta: Test API Credentials, Entra ID: Test Connection). If nothing arrives within a minute, it cannot reach the
            base URL above: check firewall and certificate.
          </Notice>
        </>
      ) : last.status < 400 ? (
        <Notice tone="info" action={again}>
          A request arrived and was answered: <span className="mono">{last.request}</span> with {last.status}
          {last.agent ? `, from ${last.agent}` : ""}. The connection works.
        </Notice>
      ) : (
        <Notice tone="warning" action={again}>
          A request arrived and was refused: <span className="mono">{last.request}</span> with {last.status}. {VERDICTS[last.status] ?? "What was wrong with it stands below."}
        </Notice>
      )}
    </section>
  );
}
