import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { PeopleTable } from "@/components/admin/people-table";
import { Page } from "@/components/layout/page";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { ROLES } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { ROLE_WORDS } from "@/lib/identity/contract";
import { listPeople } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "People" };

const MANAGED = ["yes", "no"] as const;
const MANAGED_WORDS = { yes: "By a connection", no: "By hand" };

export default async function PeoplePage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "user.list")) {
    return (
      <Page crumbs={[{ label: "People" }]}>
        <AdminsOnly what="This is the list of everybody with an account." />
      </Page>
    );
  }
  const params = await searchParams;
  const filter = { q: text(params.q), role: pick(params.role, ROLES), managed: pick(params.managed, MANAGED) };
  const cursor = text(params.cursor);
  const page = await listPeople(ctx, { ...filter, cursor, limit: 50 });
  const next = new URLSearchParams({
    ...(filter.q ? { q: filter.q } : {}),
    ...(filter.role ? { role: filter.role } : {}),
    ...(filter.managed ? { managed: filter.managed } : {}),
    cursor: page.nextCursor ?? "",
  });
  return (
    <Page crumbs={[{ label: "People" }]}>
      <PageHead title="People" sub="Everybody with an account. Accounts are made at the first sign-in, or when a provisioning connection pushes somebody." />
      <FilterBar
        search={{ name: "q", placeholder: "Name, short name or e-mail" }}
        choices={[
          { name: "role", label: "Role", options: ROLES.map((value) => ({ value, label: ROLE_WORDS[value] })) },
          { name: "managed", label: "Access", options: MANAGED.map((value) => ({ value, label: MANAGED_WORDS[value] })) },
        ]}
        count={`${page.items.length} of ${page.total}`}
      />
      <PeopleTable
        people={page.items}
        now={ctx.now.toISOString()}
        filtered={Boolean(filter.q ?? filter.role ?? filter.managed)}
        foot={<ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? `/admin/people?${next}` : null} nextLabel="Next" />}
      />
    </Page>
  );
}
