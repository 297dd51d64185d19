import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { WebhookDeliveryView } from "@/components/delivery/webhook-delivery-view";
import { Page } from "@/components/layout/page";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getWebhookDelivery } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Delivery of a webhook" };

export default async function WebhookDeliveryPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSignedIn();
  const crumbs = [{ label: "Webhooks", href: "/admin/webhooks" }, { label: "Delivery" }];
  if (!can(ctx.actor, "webhook-source.manage"))
    return (
      <Page crumbs={crumbs}>
        <AdminsOnly what="Here the platform team sees what other systems have sent." />
      </Page>
    );
  const { id } = await params;
  const delivery = await orNotFound(getWebhookDelivery(ctx, { id }));
  return (
    <Page crumbs={crumbs}>
      <WebhookDeliveryView delivery={delivery} now={ctx.now.toISOString()} />
    </Page>
  );
}
