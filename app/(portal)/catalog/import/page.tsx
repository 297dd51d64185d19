import type { Metadata } from "next";
import { ImportForm } from "@/components/catalog/import-form";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listTeams } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Import · Catalog" };

export default async function ImportPage() {
  const ctx = await requireSignedIn();
  const teams = (await listTeams(ctx, {})).items.filter((team) => can(ctx.actor, "entity.import-url", { teamId: team.id })).map((team) => team.name);
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: "Import" }]}>
      <PageHead
        title="Import into the catalog"
        sub="Backstage catalog-info.yaml files, unmodified. Each document is accepted, accepted with findings, or refused with line and reason; nothing is lost because of its neighbour."
      />
      <ImportForm mayReadAddress={teams.length > 0} teams={teams} />
    </Page>
  );
}
