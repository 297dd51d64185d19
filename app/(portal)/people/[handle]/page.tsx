import type { Metadata } from "next";
import { EntitiesTable } from "@/components/catalog/entities-table";
import { FindingsSection } from "@/components/catalog/findings-section";
import { OnCall, OutLink } from "@/components/catalog/owner-contact";
import { Page } from "@/components/layout/page";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { getContact, listEntities, listFindings } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { MEMBERSHIP_WORDS } from "@/lib/identity/contract";
import { getProfile } from "@/lib/identity/queries";

interface Props {
  params: Promise<{ handle: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await orNotFound(getProfile(await requireSignedIn(), { handle: decodeURIComponent((await params).handle) }));
  return { title: `${name} · People` };
}

/** A person: how to reach them, their teams, and what they or their teams own. */
export default async function PersonPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const person = await orNotFound(getProfile(ctx, { handle: decodeURIComponent((await params).handle) }));
  const ref = `user:default/${person.handle}`;
  const [contact, own, ofTeams, findings] = await Promise.all([
    getContact(ctx, { ref }),
    listEntities(ctx, { owner: ref, limit: 20 }),
    person.teams.length ? listEntities(ctx, { owner: person.teams.map((team) => team.ref).join(","), limit: 20 }) : null,
    listFindings(ctx, { owner: ref, limit: 5 }),
  ]);
  return (
    <Page crumbs={[{ label: "People" }, { label: person.name }]}>
      <PageHead
        title={person.name}
        meta={
          <>
            <span className="mono">{person.handle}</span>
            {person.email ? (
              <span>
                <OutLink url={`mailto:${person.email}`} title={person.email} />
              </span>
            ) : null}
            {contact.links.slice(0, 3).map((link) => (
              <span key={link.url}>
                <OutLink {...link} />
              </span>
            ))}
            <OnCall links={contact.onCall} />
            {person.isDemo ? <span className="badge">Demo</span> : null}
          </>
        }
      />
      <div className="stack-8">
        <section>
          <SectionHead title="Teams" aside={person.teams.length ? String(person.teams.length) : null} />
          <Table
            caption={`Teams of ${person.name}`}
            columns={[
              { key: "name", title: "Team" },
              { key: "membership", title: "Is", className: "end" },
            ]}
            rows={person.teams.map((team) => ({
              key: team.name,
              cells: {
                name: (
                  <Link className="name" href={`/teams/${encodeURIComponent(team.name)}`}>
                    {team.title}
                  </Link>
                ),
                membership: MEMBERSHIP_WORDS[team.membership],
              },
            }))}
            empty={<Empty title="In no team">Teams come from the company account, or are given by a platform admin.</Empty>}
          />
        </section>
        <FindingsSection
          title="To put right in the catalog"
          findings={findings.items}
          aside={<Link href={`/catalog/findings?owner=${encodeURIComponent(ref)}`}>All {findings.total}</Link>}
          linked
        />
        {own.total ? (
          <section>
            <SectionHead title="Owns" aside={String(own.total)} />
            <EntitiesTable
              items={own.items}
              caption={`What ${person.name} owns`}
              compact
              foot={
                own.total > own.items.length ? (
                  <ListFoot shown={own.items.length} total={own.total} nextHref={`/catalog?owner=${encodeURIComponent(ref)}`} nextLabel="All in the catalog" />
                ) : undefined
              }
            />
          </section>
        ) : null}
        {ofTeams ? (
          <section>
            <SectionHead title="Their teams own" aside={String(ofTeams.total)} />
            <EntitiesTable
              items={ofTeams.items}
              caption={`What the teams of ${person.name} own`}
              empty={<Empty title="Their teams own nothing in the catalog yet">An entity belongs to a team when its spec.owner names it.</Empty>}
              foot={
                ofTeams.total > ofTeams.items.length ? (
                  <ListFoot
                    shown={ofTeams.items.length}
                    total={ofTeams.total}
                    nextHref={`/catalog?owner=${encodeURIComponent(person.teams.map((team) => team.ref).join(","))}`}
                    nextLabel="All in the catalog"
                  />
                ) : undefined
              }
            />
          </section>
        ) : null}
      </div>
    </Page>
  );
}
