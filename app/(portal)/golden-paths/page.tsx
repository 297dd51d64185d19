import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { Blazes } from "@/components/ui/blazes";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { duration } from "@/lib/core/format";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { MAX_CONCEPTS } from "@/lib/golden-paths/contract";
import { listGoldenPaths } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Golden paths" };

const COLUMNS = [
  { key: "name", title: "Golden path" },
  { key: "version", title: "Version", className: "desk-cell" },
  { key: "owner", title: "Owner", className: "desk-cell" },
  { key: "concepts", title: "Concepts to know", className: "end" },
  { key: "usual", title: "Usual time", align: "end" as const, className: "desk-cell" },
  { key: "start", title: <span className="sr">Start</span>, className: "end col-span-full" },
];

export default async function GoldenPathsPage() {
  const ctx = await requireSignedIn();
  const { items } = await listGoldenPaths(ctx, {});
  const rows = items.map((path) => ({
    key: path.name,
    cells: {
      name: (
        <span>
          <Link className="strong" href={`/golden-paths/${path.name}`}>
            {path.name}
          </Link>
          <span className="muted block">{path.description}</span>
        </span>
      ),
      version: <span className="mono">{path.version}</span>,
      owner: path.owner.split("/").at(-1),
      concepts: (
        <span className="line" title={path.concepts.join(", ")}>
          <Blazes on={path.concepts.length} label={`${path.concepts.length} of ${MAX_CONCEPTS} concepts`} />
          {path.concepts.length} of {MAX_CONCEPTS}
        </span>
      ),
      usual: path.usual ? duration(path.usual.medianMs) : null,
      start: (
        <span className="line">
          <LinkButton href={`/services/new?path=${path.name}`} size="sm" aria-label={`Create service from ${path.name}`}>
            Create service
          </LinkButton>
          <LinkButton href={`/environments/new?path=${path.name}`} size="sm" aria-label={`Create environment from ${path.name}`}>
            Create environment
          </LinkButton>
        </span>
      ),
    },
  }));
  const empty = <Empty title="No golden paths are published">Paths ship with Waymark and are published when it starts. Look into the portal's log for what stopped that.</Empty>;
  return (
    <Page crumbs={[{ label: "Golden paths" }]}>
      <PageHead title="Golden paths" sub="Supported ways to a running service. Opinionated, never mandatory." />
      <Table caption="Golden paths" columns={COLUMNS} rows={rows} empty={empty} />
    </Page>
  );
}
