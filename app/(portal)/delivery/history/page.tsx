import type { Metadata } from "next";
import { LoadHistoryForm } from "@/components/delivery/load-history-form";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { listEntities } from "@/lib/catalog/queries";
import { orMissing } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getHistoryRun } from "@/lib/metrics/queries";

export const metadata: Metadata = { title: "Load history" };

export default async function LoadHistoryPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const run = text(params.run);
  const looked = run ? await orMissing(getHistoryRun(ctx, { run })) : null;
  const owner = ctx.actor.teams.map(({ ref }) => ref).join(",");
  const mayAll = can(ctx.actor, "event.ingest");
  const services = mayAll || owner ? await listEntities(ctx, { kind: "component", limit: 200, ...(mayAll ? {} : { owner }) }) : { items: [] };
  const service = text(params.service) ?? "";
  return (
    <Page crumbs={[{ label: "Delivery", href: "/delivery" }, { label: "Load history" }]}>
      <PageHead
        title="Load history"
        sub="What a service deployed before Waymark knew of it: commits from git, deployments from its tags, a list or GitHub. Everything keeps the id it has there, so the same again changes nothing."
      />
      <LoadHistoryForm key={looked?.run.id ?? service} service={service} services={services.items.map(({ ref, title }) => ({ value: ref, label: title }))} looked={looked} />
    </Page>
  );
}
