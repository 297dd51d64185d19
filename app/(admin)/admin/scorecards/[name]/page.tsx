import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { ScorecardEditor } from "@/components/scorecards/editor/scorecard-editor";
import { ScorecardSwitches } from "@/components/scorecards/scorecard-switches";
import { LinkButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { RevisionsTable } from "@/components/ui/revisions-table";
import { Tabs } from "@/components/ui/tabs";
import { listActions } from "@/lib/actions/queries";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getScorecardForEdit } from "@/lib/scorecards/queries";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const TABS = ["edit", "history"] as const;

export const metadata: Metadata = { title: "Edit scorecard · Administration" };

export default async function AdminScorecardPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "scorecard.edit"))
    return (
      <Page crumbs={[{ label: "Scorecards", href: "/admin/scorecards" }]}>
        <PageHead title="Edit scorecard" />
        <AdminsOnly what="Scorecards are edited here." />
      </Page>
    );
  const [card, actions] = await Promise.all([orNotFound(getScorecardForEdit(ctx, await params)), listActions(ctx, {})]);
  const query = await searchParams;
  const tab = pick(query.tab, TABS) ?? "edit";
  const earlier = card.revisions.find(({ revision }) => String(revision) === text(query.revision));
  const { title } = card.definition;
  return (
    <Page crumbs={[{ label: "Scorecards", href: "/admin/scorecards" }, { label: title }]}>
      <PageHead
        title={title}
        meta={
          <>
            <span className="badge">{card.isEnabled ? "Enabled" : "Disabled"}</span>
            <span>Revision {card.revision}</span>
          </>
        }
        actions={
          <>
            <LinkButton href={`/scorecards/${card.name}`}>Open as people see it</LinkButton>
            <LinkButton href={`/admin/scorecards/new?from=${card.name}`}>Copy</LinkButton>
            <ScorecardSwitches card={{ name: card.name, revision: card.revision, isEnabled: card.isEnabled, title }} />
          </>
        }
      />
      <Tabs
        label="Scorecard"
        tabs={[
          { label: "Edit", href: `/admin/scorecards/${card.name}`, current: tab === "edit" },
          { label: "History", href: `/admin/scorecards/${card.name}?tab=history`, current: tab === "history", count: card.revisions.length },
        ]}
      />
      {tab === "history" ? (
        <RevisionsTable
          title={title}
          current={card.revision}
          revisions={card.revisions}
          now={ctx.now.toISOString()}
          what={{ title: "Checks", align: "end", of: ({ definition }) => definition.checks.length }}
          hrefOf={(revision) => `/admin/scorecards/${card.name}?revision=${revision}`}
        />
      ) : (
        <>
          {earlier && earlier.revision !== card.revision ? (
            <div className="mb-4">
              <Notice tone="info">Revision {earlier.revision} is in the editor. Saving makes it the newest.</Notice>
            </div>
          ) : null}
          <ScorecardEditor
            key={`${card.revision} ${earlier?.revision ?? ""}`}
            card={earlier ? { ...card, definition: earlier.definition } : card}
            actions={actions.items.map(({ name, title: shown }) => ({ name, title: shown }))}
          />
        </>
      )}
    </Page>
  );
}
