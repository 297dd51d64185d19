import type { Metadata } from "next";
import { ReceiptOfDecommission } from "@/components/decommission/receipt";
import { Page } from "@/components/layout/page";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { decommissionScope, getDecommission } from "@/lib/decommission/queries";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await orNotFound(getDecommission(await requireSignedIn(), await params));
  return { title: `Receipt of ${title}` };
}

export default async function DecommissionReceiptPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const receipt = await orNotFound(getDecommission(ctx, { id }));
  const mayUndo = can(ctx.actor, "service.decommission", await decommissionScope(ctx, { id }));
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: `Receipt of ${receipt.title}` }]}>
      <ReceiptOfDecommission receipt={receipt} mayUndo={mayUndo} now={ctx.now.toISOString()} />
    </Page>
  );
}
