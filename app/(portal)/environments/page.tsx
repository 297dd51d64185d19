import type { Metadata } from "next";
import { EnvironmentsTable, isAtWork } from "@/components/environments/environments-table";
import { QuotaLine } from "@/components/environments/quota-line";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { FilterBar } from "@/components/ui/filter-bar";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { ENVIRONMENT_SCOPES, ENVIRONMENT_STATUSES } from "@/lib/environments/contract";
import { listEnvironments, listQuotas } from "@/lib/environments/queries";

export const metadata: Metadata = { title: "Environments" };

const SCOPE_WORDS = { mine: "Mine", team: "My teams", all: "All I may see" };

export default async function EnvironmentsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const scope = pick(params.scope, ENVIRONMENT_SCOPES) ?? "mine";
  const status = pick(params.status, ENVIRONMENT_STATUSES);
  const q = typeof params.q === "string" ? params.q.slice(0, 100) : undefined;
  const cursor = typeof params.cursor === "string" ? params.cursor : undefined;
  const filter = { ...(status ? { status } : {}), ...(q ? { q } : {}) };
  const [page, quotas, ...counts] = await Promise.all([
    listEnvironments(ctx, { scope, ...filter, limit: 50, ...(cursor ? { cursor } : {}) }),
    listQuotas(ctx, {}),
    ...ENVIRONMENT_SCOPES.map((one) => listEnvironments(ctx, { scope: one, limit: 1 })),
  ]);
  const link = (change: Record<string, string>) => `/environments?${new URLSearchParams({ scope, ...filter, ...change })}`;
  const tabs = ENVIRONMENT_SCOPES.map((one, index) => ({ label: SCOPE_WORDS[one], href: link({ scope: one }), current: one === scope, count: counts[index]?.total }));
  return (
    <Page crumbs={[{ label: "Environments" }]}>
      <KeepFresh busy={page.items.some(isAtWork)} />
      <PageHead
        title="Environments"
        sub="Running copies with their own database and an end."
        actions={
          <LinkButton href="/environments/new" variant="primary">
            Create environment
          </LinkButton>
        }
      />
      <Tabs label="Whose environments" tabs={tabs} tight />
      <FilterBar
        search={{ name: "q", placeholder: "Filter by name" }}
        choices={[{ name: "status", label: "Status", options: ENVIRONMENT_STATUSES.map((value) => ({ value, label: value })) }]}
        count={`${page.items.length} of ${page.total}`}
      />
      <EnvironmentsTable
        items={page.items}
        now={ctx.now.toISOString()}
        caption={`Environments: ${SCOPE_WORDS[scope]}`}
        filtered={Boolean(status || q)}
        clearHref={`/environments?scope=${scope}`}
        foot={
          <ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null}>
            <QuotaLine quotas={quotas.items} />
          </ListFoot>
        }
      />
    </Page>
  );
}
