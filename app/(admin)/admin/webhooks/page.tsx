import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { CreateWebhookSource } from "@/components/delivery/create-webhook-source";
import { GithubComparison } from "@/components/delivery/github-comparison";
import { WebhookDeliveries } from "@/components/delivery/webhook-deliveries";
import { WebhookSources } from "@/components/delivery/webhook-sources";
import { Page } from "@/components/layout/page";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { WEBHOOK_STATUSES } from "@/lib/metrics/contract";
import { getGithubComparison, listWebhookDeliveries, listWebhookSources } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Webhooks" };

const STATUS_WORDS = { received: "Received", processed: "Processed", ignored: "Ignored", failed: "Failed" };

export default async function WebhooksPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "webhook-source.manage")) {
    return (
      <Page crumbs={[{ label: "Webhooks" }]}>
        <AdminsOnly what="Here the platform team says which systems may send events." />
      </Page>
    );
  }
  const params = await searchParams;
  const status = pick(params.status, WEBHOOK_STATUSES);
  const cursor = text(params.cursor);
  const [sources, comparison, deliveries] = await Promise.all([
    listWebhookSources(ctx, {}),
    getGithubComparison(ctx, {}),
    listWebhookDeliveries(ctx, { limit: 25, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) }),
  ]);
  const next = new URLSearchParams({ ...(status ? { status } : {}), cursor: deliveries.nextCursor ?? "" });
  return (
    <Page crumbs={[{ label: "Webhooks" }]}>
      <PageHead title="Webhooks" sub="Systems that tell Waymark what happened: pushes, deployments, pull requests. Each signs what it sends with its own secret." />
      <div className="stack-8">
        <section>
          <SectionHead title="Sources" />
          <WebhookSources sources={sources.items} now={ctx.now.toISOString()} />
        </section>
        <section>
          <SectionHead title="Add a source" />
          <CreateWebhookSource />
        </section>
        {comparison.isConnected ? (
          <section>
            <SectionHead title="What GitHub did not deliver" aside="compared every night" />
            <GithubComparison last={comparison.last} now={ctx.now.toISOString()} />
          </section>
        ) : null}
        <section>
          <SectionHead title="Deliveries" aside="kept for 90 days" />
          <FilterBar
            choices={[{ name: "status", label: "Status", options: WEBHOOK_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] })) }]}
            count={`${deliveries.items.length} of ${deliveries.total}`}
          />
          <WebhookDeliveries
            deliveries={deliveries.items}
            now={ctx.now.toISOString()}
            filtered={Boolean(status)}
            foot={<ListFoot shown={deliveries.items.length} total={deliveries.total} nextHref={deliveries.nextCursor ? `/admin/webhooks?${next}` : null} />}
          />
        </section>
      </div>
    </Page>
  );
}
