import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { WebhookDelivery } from "@/lib/metrics/contract";
import { ReplayDelivery } from "./replay-delivery";

/** Status words of the shared badge. */
export const SHOWN_AS = { received: "queued", processed: "done", ignored: "skipped", failed: "failed" };

/** What came in and what became of it; each can be worked on again. */
export function WebhookDeliveries({ deliveries, now, filtered, foot }: { deliveries: WebhookDelivery[]; now: string; filtered: boolean; foot: ReactNode }) {
  const columns = [
    { key: "event", title: "Event" },
    { key: "at", title: "Received" },
    { key: "status", title: "Result" },
    { key: "result", title: "What it said", className: "desk-cell wide-cell" },
    { key: "repeats", title: "Repeats", align: "end" as const, className: "desk-cell" },
    { key: "menu", title: <span className="sr">Actions</span>, className: "end" },
  ];
  const rows = deliveries.map((one) => ({
    key: one.id,
    cells: {
      event: (
        <Link className="name" href={`/admin/webhooks/${one.id}`} title={one.deliveryKey}>
          {one.event}
        </Link>
      ),
      at: <Time at={one.receivedAt} now={now} />,
      status: <Status value={SHOWN_AS[one.status]} />,
      result: (
        <span className="truncate block" title={one.result ?? undefined}>
          {one.result ?? <span className="muted">Being worked on</span>}
        </span>
      ),
      repeats: one.repeats,
      menu: <ReplayDelivery id={one.id} />,
    },
  }));
  const empty = filtered ? (
    <Empty title="No delivery of this status" action={<LinkButton href="/admin/webhooks">Clear filters</LinkButton>}>
      Others may exist outside of it.
    </Empty>
  ) : (
    <Empty title="Nothing was delivered yet">Deliveries show up here as they arrive, with what became of each.</Empty>
  );
  return <Table caption="Webhook deliveries" columns={columns} rows={rows} empty={empty} foot={foot} />;
}
