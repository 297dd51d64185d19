import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { AdminScorecardsTable } from "@/components/scorecards/admin-scorecards-table";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listScorecards } from "@/lib/scorecards/queries";

export const metadata: Metadata = { title: "Scorecards · Administration" };

export default async function AdminScorecardsPage() {
  const ctx = await requireSignedIn();
  const mayEdit = can(ctx.actor, "scorecard.edit");
  return (
    <Page crumbs={[{ label: "Scorecards" }]}>
      <PageHead
        title="Scorecards"
        sub="Standards: checks over facts, and levels that they add up to."
        actions={
          mayEdit ? (
            <LinkButton href="/admin/scorecards/new" variant="primary">
              New scorecard
            </LinkButton>
          ) : null
        }
      />
      {mayEdit ? <AdminScorecardsTable items={(await listScorecards(ctx, { scope: "all" })).items} now={ctx.now.toISOString()} /> : <AdminsOnly what="Scorecards are made here." />}
    </Page>
  );
}
