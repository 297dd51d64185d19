import type { Metadata } from "next";
import { AiSignals } from "@/components/delivery/ai-signals";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { DATA_KINDS } from "@/lib/metrics/contract";
import { getAiSignals, getDeliveryScope } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "AI signals" };

export default async function AiSignalsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const data = pick(params.data, DATA_KINDS);
  const node = text(params.node) ?? (await getDeliveryScope(ctx, {})).home;
  const view = await orNotFound(getAiSignals(ctx, { node, ...(data ? { data } : {}) }));
  return (
    <Page crumbs={[{ label: "Delivery", href: `/delivery?node=${encodeURIComponent(node)}` }, { label: "AI signals" }]}>
      <PageHead
        title="AI signals"
        sub={`${view.node.title}: changes that say of themselves that AI wrote them or helped, beside those that say nothing.${view.data === "demo" ? " Made-up data of the demo company." : ""}`}
        actions={can(ctx.actor, "delivery-rules.edit") ? <LinkButton href="/admin/delivery-rules">Edit signals</LinkButton> : undefined}
      />
      <AiSignals view={view} />
    </Page>
  );
}
