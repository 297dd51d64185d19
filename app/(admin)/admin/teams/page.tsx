import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { TeamForm } from "@/components/admin/team-form";
import { TeamsTable } from "@/components/admin/teams-table";
import { Page } from "@/components/layout/page";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listTeams } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Teams" };

export default async function TeamsPage() {
  const ctx = await requireSignedIn();
  const teams = await listTeams(ctx, {});
  return (
    <Page crumbs={[{ label: "Teams" }]}>
      <PageHead title="Teams" sub="Teams own environments and quotas. People get into them by role rules, at each sign-in and push, or by hand on the team's page." />
      <div className="stack-8">
        <TeamsTable teams={teams.items} />
        {can(ctx.actor, "team.create") ? (
          <section>
            <SectionHead title="Create team" />
            <TeamForm others={teams.items} />
          </section>
        ) : (
          <AdminsOnly what="Teams are made here." />
        )}
      </div>
    </Page>
  );
}
