import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { repositoryHref } from "@/components/repositories/addresses";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { entityHref } from "@/lib/catalog/contract";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listRepositories } from "@/lib/repositories/queries";

export const metadata: Metadata = { title: "Repositories" };

const COLUMNS = [
  { key: "name", title: "Repository" },
  { key: "service", title: "Service" },
  { key: "path", title: "Golden path", className: "desk-cell" },
  { key: "place", title: "At", className: "desk-cell" },
  { key: "made", title: "Made", align: "end" as const },
];

export default async function RepositoriesPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const [ctx, { q }] = await Promise.all([requireSignedIn(), searchParams]);
  const { items, total } = await listRepositories(ctx, { limit: 200, ...(q ? { q: q.slice(0, 100) } : {}) });
  const rows = items.map((one) => ({
    key: one.id,
    cells: {
      name: (
        <Link className="name" href={repositoryHref(one)}>
          {one.owner}/{one.name}
        </Link>
      ),
      service: one.entityRef ? <Link href={entityHref(one.entityRef)}>{one.entityRef.split("/").at(-1)}</Link> : null,
      path: one.goldenPath ? `${one.goldenPath.name} ${one.goldenPath.version}` : null,
      place: one.status === "archived" ? "Archived" : one.provider === "waymark" ? "Waymark" : "GitHub",
      made: <Time at={one.createdAt} now={ctx.now.toISOString()} />,
    },
  }));
  const empty = q ? (
    <Empty title={`No repository matches "${q.slice(0, 60)}"`} action={<LinkButton href="/repositories">Clear the filter</LinkButton>}>
      The filter looks at owner, name and description.
    </Empty>
  ) : (
    <Empty
      title="No repositories yet"
      action={
        <LinkButton href="/services/new" variant="primary">
          Create service
        </LinkButton>
      }
    >
      A new service gets a repository with its first commit, to clone, push to and browse.
    </Empty>
  );
  return (
    <Page crumbs={[{ label: "Repositories" }]}>
      <PageHead title="Repositories" sub="The sources of services, on Waymark's git server or on GitHub." actions={<LinkButton href="/services/new">Create service</LinkButton>} />
      <FilterBar search={{ name: "q", placeholder: "Filter repositories" }} count={`${items.length} of ${total}`} />
      <Table caption="Repositories" columns={COLUMNS} rows={rows} empty={empty} />
    </Page>
  );
}
