"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { deleteWebhookSource, rotateWebhookSecret, setWebhookSource } from "@/lib/metrics/actions";
import type { WebhookSource } from "@/lib/metrics/contract";
import { NewSecret } from "./new-secret";
import { TYPE_WORDS } from "./words";

/** Sources with what can be done about each. */
export function WebhookSources({ sources, now }: { sources: WebhookSource[]; now: string }) {
  const [shown, setShown] = useState<{ name: string; address: string; secret: string } | null>(null);
  const [asked, setAsked] = useState<{ source: WebhookSource; what: "rotate" | "delete" } | null>(null);
  const router = useRouter();
  const { act } = useAct();
  const toggle = ({ id, name, isEnabled }: WebhookSource) => act(() => setWebhookSource({ id, isEnabled: !isEnabled }), `${name} is ${isEnabled ? "off" : "on"}.`);
  const confirm = async () => {
    if (!asked) return null;
    const { id } = asked.source;
    if (asked.what === "delete") {
      const gone = await deleteWebhookSource({ id });
      if (!gone.ok) return gone.error.message;
    } else {
      const result = await rotateWebhookSecret({ id });
      if (!result.ok) return result.error.message;
      setShown(result.data);
    }
    router.refresh();
    return null;
  };
  const columns = [
    { key: "name", title: "Name" },
    { key: "address", title: "Address", className: "desk-cell" },
    { key: "deliveries", title: "Deliveries", align: "end" as const },
    { key: "last", title: "Last", className: "desk-cell" },
    { key: "state", title: "State" },
    { key: "menu", title: <span className="sr">Actions</span>, className: "end" },
  ];
  const rows = sources.map((source) => ({
    key: source.id,
    cells: {
      name: (
        <span className="name">
          {source.name} <span className="muted font-normal">{TYPE_WORDS[source.type]}</span>
        </span>
      ),
      address: <code className="mono caption">{source.address}</code>,
      deliveries: source.deliveries,
      last: source.lastDeliveryAt ? <Time at={source.lastDeliveryAt} now={now} /> : <span className="muted">Never</span>,
      state: <State source={source} now={now} />,
      menu: source.fromEnvironment ? (
        <span className="muted">Set by the environment</span>
      ) : (
        <span className="line">
          <Button size="sm" onClick={() => setAsked({ source, what: "rotate" })}>
            New secret
          </Button>
          <Button size="sm" onClick={() => void toggle(source)}>
            {source.isEnabled ? "Switch off" : "Switch on"}
          </Button>
          <Button size="sm" variant="danger" onClick={() => setAsked({ source, what: "delete" })}>
            Remove
          </Button>
        </span>
      ),
    },
  }));
  const empty = (
    <Empty title="No source yet">Add one below, then enter its address and secret at the sender. Deployments and commits from there show up in the figures within seconds.</Empty>
  );
  const rotating = asked?.what === "rotate";
  return (
    <>
      {shown ? (
        <div className="mb-4">
          <NewSecret {...shown} />
        </div>
      ) : null}
      <Table caption="Webhook sources" columns={columns} rows={rows} empty={empty} />
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => (open ? undefined : setAsked(null))}
        title={rotating ? `New secret for ${asked?.source.name}?` : `Remove ${asked?.source.name ?? ""}?`}
        confirmLabel={rotating ? "Make new secret" : "Remove source"}
        onConfirm={confirm}
      >
        <p>
          {rotating
            ? "The old secret works for another 24 hours. Enter the new one at the sender until then."
            : "Its deliveries are refused from now on. What it has delivered stays in the figures."}
        </p>
      </ConfirmDialog>
    </>
  );
}

function State({ source, now }: { source: WebhookSource; now: string }) {
  if (!source.isEnabled) return <span className="muted">Off</span>;
  return source.oldSecretUntil && source.oldSecretUntil > now ? <span>On, old secret too</span> : <span>On</span>;
}
