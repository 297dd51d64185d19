import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { RulesForm } from "@/components/delivery/rules-form";
import { Page } from "@/components/layout/page";
import { Empty } from "@/components/ui/empty";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getDeliveryRules } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Delivery rules" };

export default async function DeliveryRulesPage() {
  const ctx = await requireSignedIn();
  const crumbs = [{ label: "Delivery rules" }];
  if (!can(ctx.actor, "delivery-rules.edit"))
    return (
      <Page crumbs={crumbs}>
        <AdminsOnly what="Here the platform team says what counts as a deployment, an incident, a bot or a repair." />
      </Page>
    );
  const { version, rules, history } = await getDeliveryRules(ctx, {});
  const columns = [
    { key: "version", title: "Version" },
    { key: "note", title: "What changed", className: "wide-cell" },
    { key: "by", title: "By", className: "desk-cell" },
    { key: "at", title: "When" },
  ];
  const rows = history.map((one) => ({
    key: String(one.version),
    cells: { version: one.version, note: one.note, by: one.by ?? "Somebody who left", at: <Time at={one.createdAt} now={ctx.now.toISOString()} /> },
  }));
  const empty = <Empty title="No version yet">The rules that come with Waymark hold.</Empty>;
  return (
    <Page crumbs={crumbs}>
      <PageHead
        title="Delivery rules"
        sub={`What counts as a deployment, an incident, a bot or a repair. ${version ? `Version ${version} holds` : "The shipped rules hold"}; figures of all time are worked out by it.`}
      />
      <div className="stack-8">
        <RulesForm key={version} rules={rules} />
        <section>
          <SectionHead title="Versions" />
          <Table caption="Versions of the rules" columns={columns} rows={rows} empty={empty} />
        </section>
      </div>
    </Page>
  );
}
