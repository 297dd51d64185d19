import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { NewService } from "@/components/services/new-service";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHead } from "@/components/ui/page-head";
import { countFacets, listEntities } from "@/lib/catalog/queries";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listGoldenPaths, readServicePlaces } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Create service" };

export default async function NewServicePage({ searchParams }: { searchParams: Promise<{ path?: string }> }) {
  const ctx = await requireSignedIn();
  const owned = ctx.actor.teams.map((team) => team.ref).join(",");
  const [{ path }, { items }, places, systems, components, apis, resources, { facets }, own] = await Promise.all([
    searchParams,
    listGoldenPaths(ctx, {}),
    readServicePlaces(ctx, {}),
    listEntities(ctx, { kind: "system", limit: 200 }),
    listEntities(ctx, { kind: "component", limit: 200 }),
    listEntities(ctx, { kind: "api", limit: 200 }),
    listEntities(ctx, { kind: "resource", limit: 200 }),
    countFacets(ctx, { facet: "tag" }),
    owned ? listEntities(ctx, { owner: owned, limit: 200 }) : { items: [] },
  ]);
  const option = ({ ref, title, kind }: { ref: string; title: string; kind: string }) => ({ value: ref, label: title, kind: kind.toLowerCase() });
  const pickers = {
    entities: [...systems.items, ...components.items, ...apis.items, ...resources.items].map(option),
    ownEntities: own.items.map(option),
    tags: (facets.tag ?? []).map(({ value }) => value),
    repositoryHosts: places.hosts,
    repositoryOwners: [...places.hosts.map(({ owner }) => owner), ...ctx.actor.teams.map((team) => team.name)],
  };
  const owners = ctx.actor.teams.map((team) => ({ value: team.ref, label: team.title }));
  return (
    <Page crumbs={[{ label: "Golden paths", href: "/golden-paths" }, { label: "Create service" }]}>
      <PageHead title="Create service" sub="A repository with its first commit, registered in the catalog and ready to be deployed; or a change to one that is there." />
      {owners.length === 0 ? (
        <div className="table-wrap">
          <Empty title="You are in no team yet" action={<LinkButton href="/account">See my account</LinkButton>}>
            A service belongs to a team. Ask a platform admin to add you to one; it counts at once.
          </Empty>
        </div>
      ) : items.length === 0 ? (
        <div className="table-wrap">
          <Empty title="No golden paths are published">Paths ship with Waymark and are published when it starts. Ask the platform team what stopped that.</Empty>
        </div>
      ) : (
        <NewService paths={items} owners={owners} pickers={pickers} chosen={items.some((one) => one.name === path) ? (path ?? null) : null} hosts={places.hosts} />
      )}
    </Page>
  );
}
