import type { Metadata } from "next";
import { Profile } from "@/components/account/profile";
import { SessionsList } from "@/components/account/sessions-list";
import { TokensTable } from "@/components/account/tokens-table";
import { PersonRights } from "@/components/admin/person-rights";
import { Page } from "@/components/layout/page";
import { Link } from "@/components/ui/link";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getPerson, listSessions, listTokens } from "@/lib/identity/queries";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const person = await orNotFound(getPerson(await requireSignedIn(), await params));
  return { title: `${person.name} · People` };
}

export default async function PersonPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const person = await orNotFound(getPerson(ctx, { id }));
  const [sessions, tokens] = await Promise.all([listSessions(ctx, { user: id }), listTokens(ctx, { user: id })]);
  const now = ctx.now.toISOString();
  return (
    <Page crumbs={[{ label: "People", href: "/admin/people" }, { label: person.name }]}>
      <PageHead
        title={person.name}
        meta={
          <>
            {person.email ? <span>{person.email}</span> : null}
            {person.disabledAt ? <span className="badge danger">{person.disabledBy === "provisioning" ? "Disabled by the identity provider" : "Disabled"}</span> : null}
            {person.isPending && !person.disabledAt ? <span className="badge">Not signed in yet</span> : null}
            {person.isDemo ? <span className="badge">Demo</span> : null}
            <Link className="link" href={`/admin/audit?actor=${encodeURIComponent(person.handle)}`}>
              What they did
            </Link>
          </>
        }
      />
      <div className="stack-8">
        <Profile account={person} now={now} />
        <section>
          <SectionHead title="Rights" />
          <PersonRights person={person} isSelf={ctx.actor.id === person.id} open={{ sessions: sessions.total, tokens: tokens.total }} />
        </section>
        <section>
          <SectionHead title="Sessions" aside={`${sessions.total}`} />
          <SessionsList sessions={sessions.items} now={now} whose={person.name} />
        </section>
        <section>
          <SectionHead title="Tokens" aside={`${tokens.total}`} />
          <TokensTable tokens={tokens.items} now={now} whose={person.name} />
        </section>
      </div>
    </Page>
  );
}
