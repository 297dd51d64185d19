import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { RunsTable } from "@/components/runs/runs-table";
import { FilterBar } from "@/components/ui/filter-bar";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { RUN_STATUSES } from "@/lib/runs/contract";
import { listRuns } from "@/lib/runs/queries";

export const metadata: Metadata = { title: "Runs" };

const SCOPES = ["mine", "team", "all"] as const;
const SCOPE_WORDS = { mine: "Mine", team: "My teams", all: "All I may see" };

export default async function RunsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const scope = pick(params.scope, SCOPES) ?? "mine";
  const status = pick(params.status, RUN_STATUSES);
  const cursor = typeof params.cursor === "string" ? params.cursor : undefined;
  const page = await listRuns(ctx, { scope, limit: 50, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) });
  const link = (change: Record<string, string>) => `/runs?${new URLSearchParams({ scope, ...(status ? { status } : {}), ...change })}`;
  return (
    <Page crumbs={[{ label: "Runs" }]}>
      <KeepFresh busy={page.items.some((run) => run.finishedAt === null)} />
      <PageHead title="Runs" sub="Everything that took a while, with its steps, its log and what came of it." />
      <Tabs label="Whose runs" tight tabs={SCOPES.map((one) => ({ label: SCOPE_WORDS[one], href: link({ scope: one }), current: one === scope }))} />
      <FilterBar choices={[{ name: "status", label: "Status", options: RUN_STATUSES.map((value) => ({ value, label: value })) }]} count={`${page.items.length} of ${page.total}`} />
      <RunsTable
        items={page.items}
        now={ctx.now.toISOString()}
        caption={`Runs: ${SCOPE_WORDS[scope]}`}
        filtered={Boolean(status)}
        foot={<ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null} />}
      />
    </Page>
  );
}
