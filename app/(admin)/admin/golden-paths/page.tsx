import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { AdminPathsTable } from "@/components/golden-paths/admin-paths-table";
import { ProposalsTable } from "@/components/golden-paths/proposals/proposals-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { can } from "@/lib/core/policy";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { type PathProposal, PROPOSAL_STATUSES } from "@/lib/golden-paths/contract";
import { listAdminPaths, listProposals } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Golden paths, administration" };

export default async function AdminGoldenPathsPage({ searchParams }: { searchParams: Promise<{ tab?: string; status?: string | string[] }> }) {
  const [ctx, query] = await Promise.all([requireSignedIn(), searchParams]);
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="Golden paths are changed here." />
      </Page>
    );
  }
  const tab = query.tab === "proposals" ? "proposals" : "paths";
  const status = pick(query.status, PROPOSAL_STATUSES);
  const [{ items }, waiting, proposals] = await Promise.all([
    listAdminPaths(ctx, {}),
    listProposals(ctx, { status: "submitted", limit: 1 }),
    tab === "proposals" ? listProposals(ctx, status ? { status } : {}) : null,
  ]);
  const now = ctx.now.toISOString();
  return (
    <Page crumbs={[{ label: "Golden paths" }]}>
      <PageHead
        title="Golden paths"
        sub="What people can make, how often they do, and what is being changed. Demo history does not count."
        actions={
          <LinkButton href="/admin/golden-paths/new" variant="primary">
            New golden path
          </LinkButton>
        }
      />
      <Tabs
        label="Golden paths"
        tabs={[
          { label: "Paths", href: "/admin/golden-paths", current: tab === "paths", count: items.length },
          { label: "Proposals", href: "/admin/golden-paths?tab=proposals", current: tab === "proposals", count: waiting.total },
        ]}
      />
      {proposals ? <Inbox items={proposals.items} total={proposals.total} now={now} filtered={Boolean(status)} /> : <AdminPathsTable paths={items} now={now} />}
    </Page>
  );
}

const STATUS_WORDS: Record<(typeof PROPOSAL_STATUSES)[number], string> = {
  draft: "Draft",
  submitted: "Waits for review",
  "changes-requested": "Changes wanted",
  accepted: "Accepted",
  declined: "Declined",
  withdrawn: "Withdrawn",
};

function Inbox({ items, total, now, filtered }: { items: PathProposal[]; total: number; now: string; filtered: boolean }) {
  const empty = filtered ? (
    <Empty title="No proposal fits this filter" action={<LinkButton href="/admin/golden-paths?tab=proposals">Clear filter</LinkButton>}>
      Others may exist outside of it.
    </Empty>
  ) : (
    <Empty title="No proposals yet">Everybody in a team can propose a change on the page of a golden path. What they submit waits here for you.</Empty>
  );
  return (
    <>
      <FilterBar
        choices={[{ name: "status", label: "Status", options: PROPOSAL_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] })) }]}
        count={`${items.length} of ${total}`}
      />
      <ProposalsTable items={items} total={total} now={now} empty={empty} />
    </>
  );
}
