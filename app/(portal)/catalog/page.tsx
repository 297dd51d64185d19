import type { Metadata } from "next";
import { EntitiesTable } from "@/components/catalog/entities-table";
import { Facets, FilterChips } from "@/components/catalog/facets";
import { SavedViews } from "@/components/catalog/saved-views";
import { Page } from "@/components/layout/page";
import { EntityLevels } from "@/components/scorecards/entity-levels";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { CATALOG_SCOPES, ENTITY_SORTS, type EntityFilter, entityHref } from "@/lib/catalog/contract";
import { countFacets, listEntities, listFindings, listStars, listViews } from "@/lib/catalog/queries";
import { orMissing } from "@/lib/core/page";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listBadges } from "@/lib/scorecards/queries";

export const metadata: Metadata = { title: "Catalog" };

const SCOPE_WORDS = { mine: "Mine", team: "My teams'", starred: "Starred", all: "All" };
const FILTERS = ["kind", "type", "owner", "lifecycle", "tag", "system", "q"] as const;
const PER_PAGE = 50;

const NONE = {
  mine: <Empty title="Nothing is yours yet">What you register or create yourself is listed here. What your team owns is one tab further.</Empty>,
  team: <Empty title="Your teams own nothing here yet">An entity belongs to your team when its spec.owner names the team.</Empty>,
  starred: (
    <Empty title="You have starred nothing yet">Choose the star beside a name, here or on its page. What is starred is also on your home page and first in the search.</Empty>
  ),
  all: undefined,
};

export default async function CatalogPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const scope = pick(params.scope, CATALOG_SCOPES) ?? "all";
  const chosen = Object.fromEntries(FILTERS.flatMap((name) => (text(params[name]) ? [[name, text(params[name])?.slice(0, name === "q" ? 100 : 200)]] : []))) as EntityFilter;
  const cursor = text(params.cursor);
  const sort = pick(params.sort, ENTITY_SORTS);
  const findingScope = scope === "starred" ? "all" : scope;
  const [page, { facets }, findings, stars, views, ...counts] = await Promise.all([
    listEntities(ctx, { ...chosen, scope, limit: PER_PAGE, ...(sort ? { sort } : {}), ...(cursor ? { cursor } : {}) }),
    countFacets(ctx, { ...chosen, scope }),
    listFindings(ctx, { scope: findingScope, limit: 1 }),
    listStars(ctx, {}),
    listViews(ctx, {}),
    ...CATALOG_SCOPES.map((one) => listEntities(ctx, { scope: one, limit: 1 })),
  ]);
  const badges = (await orMissing(listBadges(ctx, { refs: page.items.map(({ ref }) => ref) }))) ?? {};
  const levels = Object.fromEntries(Object.entries(badges).map(([ref, all]) => [ref, <EntityLevels key={ref} levels={all} href={entityHref(ref, "scorecard")} compact />]));
  const link = (change: Record<string, string>) =>
    `/catalog?${new URLSearchParams({ ...(scope === "all" ? {} : { scope }), ...(chosen as Record<string, string>), ...(sort ? { sort } : {}), ...change })}`;
  return (
    <Page crumbs={[{ label: "Catalog" }]}>
      <PageHead
        title="Catalog"
        sub="What there is, who owns it and what depends on it."
        actions={
          <>
            <LinkButton href="/catalog/sources">Sources</LinkButton>
            <LinkButton href="/catalog/import">Import files</LinkButton>
            <LinkButton href="/services/new" variant="primary">
              Create service
            </LinkButton>
          </>
        }
      />
      <div className="facets">
        <div className="catalog-side">
          <SavedViews views={views.items} />
          <Facets facets={facets} sort={sort ?? ""} />
        </div>
        <div>
          <Tabs
            label="Whose entities"
            tabs={CATALOG_SCOPES.map((one, index) => ({ label: SCOPE_WORDS[one], href: link({ scope: one }), current: one === scope, count: counts[index]?.total }))}
            tight
          />
          <FilterChips count={`${page.items.length} of ${page.total.toLocaleString("en-GB")}`} />
          {findings.total ? (
            <div className="mb-3">
              <Notice
                tone="warning"
                action={
                  <Link className="link nowrap" href={`/catalog/findings?scope=${findingScope}`}>
                    Open findings
                  </Link>
                }
              >
                <span className="strong">
                  {findings.total} {findings.total === 1 ? "thing" : "things"} to put right.
                </span>{" "}
                The entities are in the catalog as far as they could be read.
              </Notice>
            </div>
          ) : null}
          {page.correctedQuery ? (
            <p className="muted" role="status">
              Nothing holds “{chosen.q}”. Results for <span className="strong">{page.correctedQuery}</span>.
            </p>
          ) : null}
          <EntitiesTable
            items={page.items}
            caption={`Catalog: ${SCOPE_WORDS[scope]}`}
            filtered={Object.keys(chosen).length > 0}
            clearHref={scope === "all" ? "/catalog" : `/catalog?scope=${scope}`}
            empty={NONE[scope]}
            sort={{ current: sort ?? (chosen.q ? "" : "name"), href: (next) => link({ sort: next }) }}
            stars={new Set(stars.items)}
            {...(Object.keys(levels).length ? { levels } : {})}
            foot={<ListFoot shown={page.items.length} total={page.total} nextHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null} nextLabel="Next" />}
          />
        </div>
      </div>
    </Page>
  );
}
