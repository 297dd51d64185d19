import type { Metadata } from "next";
import { FindingsSection } from "@/components/catalog/findings-section";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { ENTITY_SCOPES, type FindingOwner, refName } from "@/lib/catalog/contract";
import { countFindings, listFindings } from "@/lib/catalog/queries";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "Findings · Catalog" };

const WORDS = { mine: "Registered by me", team: "My teams'", all: "All" };

export default async function FindingsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const scope = pick(params.scope, ENTITY_SCOPES) ?? "all";
  const owner = text(params.owner);
  const cursor = typeof params.cursor === "string" && /^\d{1,15}$/.test(params.cursor) ? params.cursor : undefined;
  const [page, { owners }, ...counts] = await Promise.all([
    listFindings(ctx, { scope, limit: 100, ...(owner ? { owner } : {}), ...(cursor ? { cursor } : {}) }),
    countFindings(ctx, {}),
    ...ENTITY_SCOPES.map((one) => listFindings(ctx, { scope: one, limit: 1 })),
  ]);
  const link = (change: Record<string, string>) => `/catalog/findings?${new URLSearchParams({ scope, ...(owner ? { owner } : {}), ...change })}`;
  const refused = page.items.filter((one) => one.refused);
  const gone = page.items.filter((one) => one.rule === "gone");
  const open = page.items.filter((one) => !one.refused && one.rule !== "gone");
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: "Findings" }]}>
      <PageHead
        title="Findings"
        sub="What is to be put right in catalog documents, by who can do it. What broke keeps its last good version until then."
        actions={<LinkButton href="/catalog/sources">Sources</LinkButton>}
      />
      <Tabs
        label="Whose findings"
        tabs={ENTITY_SCOPES.map((one, index) => ({ label: WORDS[one], href: `/catalog/findings?scope=${one}`, current: one === scope && !owner, count: counts[index]?.total }))}
      />
      <div className="stack-6">
        <FilterBar choices={[{ name: "owner", label: "Owner", options: owners.map(ownerChoice) }]} count={`${page.items.length} of ${page.total}`} />
        {page.items.length === 0 ? (
          <Empty title="Nothing to put right" action={<LinkButton href="/catalog/import">Import files</LinkButton>}>
            Documents that leave something open, such as a missing owner or a reference to nothing, are listed here with the line and the way to put it right.
          </Empty>
        ) : (
          <>
            <FindingsSection title="Refused" findings={refused} refused />
            <FindingsSection title="Gone from their source" findings={gone} linked />
            <FindingsSection title="In the catalog, to put right" findings={open} linked />
            <div className="line spread muted">
              <ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null} />
            </div>
          </>
        )}
      </div>
    </Page>
  );
}

function ownerChoice({ ownerRef, total }: FindingOwner) {
  return { value: ownerRef ?? "none", label: `${ownerRef === null ? "Nobody" : refName(ownerRef)} (${total})` };
}
