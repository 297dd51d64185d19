import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { ScorecardsTable } from "@/components/scorecards/scorecards-table";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listScorecards } from "@/lib/scorecards/queries";

export const metadata: Metadata = { title: "Scorecards" };

export default async function ScorecardsPage() {
  const ctx = await requireSignedIn();
  const { items } = await listScorecards(ctx, {});
  const mayEdit = can(ctx.actor, "scorecard.edit");
  const empty = (
    <Empty title="No scorecards yet" action={mayEdit ? <LinkButton href="/admin/scorecards/new">New scorecard</LinkButton> : null}>
      A scorecard is a standard: checks that each entity passes or not, and levels that they add up to.{" "}
      {mayEdit ? "Begin with checks whose facts are already there." : "The platform team makes them."}
    </Empty>
  );
  return (
    <Page crumbs={[{ label: "Scorecards" }]}>
      <PageHead
        title="Scorecards"
        sub="What we expect of what we run, and how far it is. They block nothing."
        actions={mayEdit ? <LinkButton href="/admin/scorecards">Edit scorecards</LinkButton> : null}
      />
      <ScorecardsTable items={items} now={ctx.now.toISOString()} empty={empty} />
    </Page>
  );
}
