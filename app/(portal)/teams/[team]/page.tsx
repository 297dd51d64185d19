import type { Metadata } from "next";
import { MembersTable } from "@/components/admin/members-table";
import { TeamForm } from "@/components/admin/team-form";
import { EntitiesTable } from "@/components/catalog/entities-table";
import { FindingsSection } from "@/components/catalog/findings-section";
import { OnCall, WaysToReach } from "@/components/catalog/owner-contact";
import { TeamSummary } from "@/components/delivery/team-summary";
import { Page } from "@/components/layout/page";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { getContact, listEntities, listFindings } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getTeam, listMembers, listTeams } from "@/lib/identity/queries";
import { getMetric } from "@/lib/metrics/queries";

interface Props {
  params: Promise<{ team: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const team = await orNotFound(getTeam(await requireSignedIn(), await params));
  return { title: `${team.title} · Teams` };
}

export default async function TeamPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const team = await orNotFound(getTeam(ctx, await params));
  const [members, teams, owned, contact, findings] = await Promise.all([
    listMembers(ctx, { team: team.id }),
    listTeams(ctx, {}),
    listEntities(ctx, { owner: team.ref, limit: 20 }),
    getContact(ctx, { ref: team.ref }),
    listFindings(ctx, { owner: team.ref, limit: 5 }),
  ]);
  const figures = can(ctx.actor, "metric.read", { teamId: team.id })
    ? {
        lead: await getMetric(ctx, { metric: "lead-time", node: team.ref, grain: "month" }),
        frequency: await getMetric(ctx, { metric: "deployment-frequency", node: team.ref, grain: "month" }),
      }
    : null;
  const mayEdit = can(ctx.actor, "team.edit");
  const parts = teams.items.filter((one) => one.parent === team.name);
  return (
    <Page crumbs={[...(mayEdit ? [{ label: "Teams", href: "/admin/teams" }] : []), { label: team.title }]}>
      <PageHead
        title={team.title}
        meta={
          <>
            <span className="mono">{team.ref}</span>
            {contact.links.length || contact.email ? (
              <span>
                Reach <WaysToReach contact={{ ...contact, people: [] }} />
              </span>
            ) : null}
            <OnCall links={contact.onCall} />
            {team.parent ? <span>Part of {team.parent}</span> : null}
            {parts.length ? <span>Holds {parts.map((part) => part.title).join(", ")}</span> : null}
            {team.isDemo ? <span className="badge">Demo</span> : null}
          </>
        }
      />
      <div className="stack-8">
        {figures ? <TeamSummary {...figures} href={`/delivery?node=${encodeURIComponent(team.ref)}`} /> : null}
        <FindingsSection
          title="To put right in the catalog"
          findings={findings.items}
          aside={<Link href={`/catalog/findings?owner=${encodeURIComponent(team.ref)}`}>All {findings.total}</Link>}
          linked
        />
        <section>
          <SectionHead title="Owns" aside={owned.total ? String(owned.total) : null} />
          <EntitiesTable
            items={owned.items}
            caption={`What ${team.title} owns`}
            compact
            empty={<Empty title="It owns nothing in the catalog yet">An entity belongs to this team when its spec.owner is {team.name}.</Empty>}
            foot={
              owned.total > owned.items.length ? (
                <ListFoot shown={owned.items.length} total={owned.total} nextHref={`/catalog?owner=${encodeURIComponent(team.ref)}`} nextLabel="All in the catalog" />
              ) : undefined
            }
          />
        </section>
        <MembersTable team={team.name} members={members.items} mayManage={can(ctx.actor, "team.manage-members", { teamId: team.id })} />
        {mayEdit ? (
          <section>
            <SectionHead title="Edit team" />
            <TeamForm team={team} others={teams.items.filter((one) => one.id !== team.id)} />
          </section>
        ) : null}
      </div>
    </Page>
  );
}
