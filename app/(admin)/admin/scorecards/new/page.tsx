import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { copyOf } from "@/components/scorecards/editor/draft";
import { ScorecardEditor } from "@/components/scorecards/editor/scorecard-editor";
import { PageHead } from "@/components/ui/page-head";
import { listActions } from "@/lib/actions/queries";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getScorecardForEdit } from "@/lib/scorecards/queries";

export const metadata: Metadata = { title: "New scorecard · Administration" };

export default async function NewScorecardPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const mayEdit = can(ctx.actor, "scorecard.edit");
  const from = text((await searchParams).from);
  const copied = mayEdit && from ? await orNotFound(getScorecardForEdit(ctx, { name: from })) : null;
  const actions = mayEdit ? await listActions(ctx, {}) : null;
  return (
    <Page crumbs={[{ label: "Scorecards", href: "/admin/scorecards" }, { label: "New scorecard" }]}>
      <PageHead title="New scorecard" sub={copied ? `Begins as a copy of ${copied.definition.title}.` : "Nothing is shown to anybody before it is saved."} />
      {actions ? (
        <ScorecardEditor card={null} actions={actions.items.map(({ name, title }) => ({ name, title }))} {...(copied ? { start: copyOf(copied) } : {})} />
      ) : (
        <AdminsOnly what="Scorecards are made here." />
      )}
    </Page>
  );
}
