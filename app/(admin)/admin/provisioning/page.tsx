import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { ConnectionsPanel } from "@/components/provisioning/connections-panel";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listConnections } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Provisioning" };

export default async function ProvisioningPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "provisioning.read")) {
    return (
      <Page crumbs={[{ label: "Provisioning" }]}>
        <PageHead title="Provisioning" />
        <AdminsOnly what="Here identity providers are allowed to push people and groups." />
      </Page>
    );
  }
  return (
    <Page crumbs={[{ label: "Provisioning" }]}>
      <ConnectionsPanel overview={await listConnections(ctx, {})} now={ctx.now.toISOString()} />
    </Page>
  );
}
