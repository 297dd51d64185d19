import type { Metadata } from "next";
import { AddSource } from "@/components/catalog/add-source";
import { SourceRepositories } from "@/components/catalog/source-repositories";
import { SourceTable } from "@/components/catalog/source-table";
import { Page } from "@/components/layout/page";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { listLocations, listSourceRepositories } from "@/lib/catalog/queries";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listTeams } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Sources · Catalog" };

export default async function SourcesPage() {
  const ctx = await requireSignedIn();
  const [locations, own, teams] = await Promise.all([listLocations(ctx, {}), listSourceRepositories(ctx, {}), listTeams(ctx, {})]);
  const organisations = locations.items.filter(({ type }) => type === "github-org");
  const discovered = await Promise.all(organisations.map(async (one) => ({ ...one, read: await listSourceRepositories(ctx, { location: one.id }) })));
  const mine = teams.items.filter((team) => can(ctx.actor, "entity.import-url", { teamId: team.id }));
  const isAdmin = can(ctx.actor, "entity.import-url", { teamId: null });
  const now = ctx.now.toISOString();
  const refs = new Set(mine.map(({ ref }) => ref));
  const sources = locations.items.map((one) => ({ ...one, mayChange: isAdmin || (one.team !== null && refs.has(one.team)) }));
  const more = ({ items, total }: { items: unknown[]; total: number }) => (total > items.length ? `${items.length} of ${total}` : undefined);
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: "Sources" }]}>
      <PageHead title="Sources" sub="Where the catalog reads from by itself. What breaks there keeps its last good version here; what disappears there goes after a week." />
      <div className="stack-8">
        <section>
          <SectionHead title="Added by people" />
          <SourceTable sources={sources} now={now} />
        </section>
        {discovered.map(({ id, target, read }) => (
          <section key={id}>
            <SectionHead title={`Found at ${target}`} aside={String(read.total)} />
            <SourceRepositories repositories={read.items} now={now} foot={more(read)} />
          </section>
        ))}
        <section>
          <SectionHead title="Repositories of this platform" aside="read at every push to their default branch" />
          <SourceRepositories repositories={own.items} now={now} foot={more(own)} />
        </section>
        <section>
          <SectionHead title="Add a source" />
          {mine.length > 0 || isAdmin ? (
            <AddSource teams={mine.map(({ name }) => name)} isAdmin={isAdmin} />
          ) : (
            <Notice tone="info">Owners of a team and platform admins add sources. Ask an owner of your team, or import files by hand.</Notice>
          )}
        </section>
      </div>
    </Page>
  );
}
