import { PageHead, SectionHead } from "@/components/ui/page-head";
import { SourceText } from "@/components/ui/source-text";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { WebhookDeliveryDetail } from "@/lib/metrics/contract";
import { ReplayDelivery } from "./replay-delivery";
import { SHOWN_AS } from "./webhook-deliveries";

/** One delivery as it came, with what became of it. */
export function WebhookDeliveryView({ delivery, now }: { delivery: WebhookDeliveryDetail; now: string }) {
  const facts = [
    ["Result", <Status key="status" value={SHOWN_AS[delivery.status]} />],
    ["What it said", delivery.result ?? "Being worked on"],
    ["Received", <Time key="at" at={delivery.receivedAt} now={now} />],
    ["Sent by", delivery.sentBy ?? delivery.source ?? "A source that is gone"],
    [
      "Sender's id",
      <span key="key" className="ref break-all">
        {delivery.deliveryKey}
      </span>,
    ],
    ["Sent again", delivery.repeats === 0 ? "Never" : `${delivery.repeats} times`],
  ] as const;
  return (
    <>
      <PageHead title={delivery.event} sub={delivery.type} actions={<ReplayDelivery id={delivery.id} />} />
      <dl className="panel panel-body facts mb-6">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <SectionHead title="Payload" aside={delivery.isCut ? "its beginning" : undefined} />
      <SourceText text={delivery.body} label="Payload" />
    </>
  );
}
