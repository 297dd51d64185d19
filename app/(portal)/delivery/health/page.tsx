import type { Metadata } from "next";
import { HealthTable } from "@/components/delivery/health-table";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { DATA_KINDS } from "@/lib/metrics/contract";
import { getDeliveryHealth, getDeliveryScope } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Data doctor" };

export default async function DeliveryHealthPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const scope = await getDeliveryScope(ctx, {});
  const node = text(params.node) ?? scope.home;
  const data = pick(params.data, DATA_KINDS);
  const { items, days } = await orNotFound(getDeliveryHealth(ctx, { node, ...(data ? { data } : {}) }));
  const title = scope.groups.find((one) => one.ref === node)?.title ?? node;
  const ill = items.filter((one) => one.findings.length > 0).length;
  return (
    <Page crumbs={[{ label: "Delivery", href: `/delivery?node=${encodeURIComponent(node)}` }, { label: "Data doctor" }]}>
      <PageHead
        title="Data doctor"
        sub={`${title}: what the figures of the last ${days} days lack, and what to do about it. ${items.length === 0 ? "" : `${ill} of ${items.length} services lack something.`}`}
      />
      <HealthTable items={items} now={ctx.now.toISOString()} />
    </Page>
  );
}
