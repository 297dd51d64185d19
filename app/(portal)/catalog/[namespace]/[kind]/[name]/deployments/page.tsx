import { BlazeStrip } from "@/components/deployments/blaze-strip";
import { DeploymentHelp } from "@/components/deployments/deployment-help";
import { DeploymentsTable } from "@/components/deployments/deployments-table";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { entityHref } from "@/lib/catalog/contract";
import { getEntityHead } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { DEPLOYMENT_STATUSES, TIERS } from "@/lib/environments/contract";
import { listServiceDeployments, listServiceEnvironments } from "@/lib/environments/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Every deployment of a service, in the address filtered by tier and result. */
export default async function EntityDeploymentsPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [{ entity }, query] = await Promise.all([orNotFound(getEntityHead(ctx, await params)), searchParams]);
  const { ref } = entity;
  const tier = pick(query.tier, TIERS);
  const status = pick(query.status, DEPLOYMENT_STATUSES);
  const cursor = typeof query.cursor === "string" ? query.cursor : undefined;
  const filter = { ...(tier ? { tier } : {}), ...(status ? { status } : {}) };
  const [page, production, service] = await Promise.all([
    listServiceDeployments(ctx, { entityRef: ref, ...filter, limit: 50, ...(cursor ? { cursor } : {}) }),
    listServiceDeployments(ctx, { entityRef: ref, tier: "production", limit: 20 }),
    listServiceEnvironments(ctx, { entityRef: ref }),
  ]);
  if (!service.repository && page.total === 0) return <DeploymentHelp hasEnded={Boolean(entity.goneAt)} />;
  const base = entityHref(ref, "deployments");
  const isFiltered = Boolean(tier || status);
  return (
    <>
      <FilterBar
        choices={[
          { name: "tier", label: "Tier", options: TIERS.map((value) => ({ value, label: value })) },
          { name: "status", label: "Status", options: DEPLOYMENT_STATUSES.map((value) => ({ value, label: value })) },
        ]}
        count={`${page.items.length} of ${page.total}`}
      />
      <DeploymentsTable
        items={page.items}
        now={ctx.now.toISOString()}
        caption={`Deployments of ${entity.title}`}
        {...(isFiltered
          ? {
              empty: (
                <Empty title="No deployment fits these filters" action={<LinkButton href={base}>Clear filters</LinkButton>}>
                  Others may exist outside of them.
                </Empty>
              ),
            }
          : {})}
        foot={
          <ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? `${base}?${new URLSearchParams({ ...filter, cursor: page.nextCursor })}` : null}>
            <BlazeStrip items={production.items} what="production" />
          </ListFoot>
        }
      />
    </>
  );
}
