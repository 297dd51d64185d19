import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { RulesEditor } from "@/components/admin/rules-editor";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listRules, listTeams, signInFacts } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Role rules" };

export default async function RoleRulesPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "role-rule.list")) {
    return (
      <Page crumbs={[{ label: "Role rules" }]}>
        <AdminsOnly what="These rules turn groups of the identity provider into teams and roles." />
      </Page>
    );
  }
  const [rules, teams] = await Promise.all([listRules(ctx, {}), listTeams(ctx, {})]);
  const facts = signInFacts();
  return (
    <Page crumbs={[{ label: "Role rules" }]}>
      <PageHead
        title="Role rules"
        sub={
          <>
            From the claim <span className="mono">{facts.groupsClaim}</span> to teams and roles at every sign-in, and from pushed groups at every push. The first rule that gives a
            role decides it; every rule that fits gives its team.
            {facts.adminGroup ? (
              <>
                {" "}
                The group <span className="mono">{facts.adminGroup}</span> (WAYMARK_ADMIN_GROUP) makes platform admins before any rule.
              </>
            ) : null}
          </>
        }
      />
      <RulesEditor stored={rules.items} teams={teams.items.map((team) => ({ name: team.name, title: team.title }))} />
    </Page>
  );
}
