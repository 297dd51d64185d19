import type { Metadata } from "next";
import { DeploymentView } from "@/components/delivery/deployment-view";
import { Page } from "@/components/layout/page";
import { env } from "@/lib/core/env";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getDelivery } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Deployment" };

export default async function DeploymentPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const deployment = await orNotFound(getDelivery(ctx, { id }));
  return (
    <Page
      crumbs={[
        { label: "Delivery", href: "/delivery" },
        { label: deployment.service.split("/").at(-1) ?? deployment.service, href: `/delivery?service=${encodeURIComponent(deployment.service)}` },
        { label: "Deployment" },
      ]}
    >
      <DeploymentView deployment={deployment} timeZone={env().timeZone} />
    </Page>
  );
}
