import Link from "next/link";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { Account } from "@/lib/identity/contract";
import { MEMBERSHIP_WORDS, ROLE_WORDS } from "@/lib/identity/contract";

/** What the portal knows of somebody, and where it has it from. */
export function Profile({ account, now }: { account: Account; now: string }) {
  return (
    <div className="stack-8">
      <dl className="facts">
        <dt>Short name</dt>
        <dd className="mono">{account.handle}</dd>
        <dt>E-mail</dt>
        <dd>{account.email ?? <span className="muted">Unknown</span>}</dd>
        <dt>Role</dt>
        <dd>
          {ROLE_WORDS[account.role]}
          <span className="muted">, {account.roleSource === "manual" ? "given by hand" : "from the identity provider's groups"}</span>
        </dd>
        <dt>Signed in</dt>
        <dd>{account.lastSignInAt ? <Time at={account.lastSignInAt} now={now} /> : <span className="muted">Never</span>}</dd>
        <dt>Identity</dt>
        <dd className="mono">
          {account.subject} <span className="muted">at {account.issuer}</span>
        </dd>
      </dl>
      <section>
        <SectionHead title="Teams" aside="Name and groups come from the identity provider at each sign-in." />
        {account.teams.length ? (
          <ul className="list bare">
            {account.teams.map((team) => (
              <li key={team.name}>
                <Link className="strong" href={`/teams/${team.name}`}>
                  {team.title}
                </Link>
                <span className="muted">{MEMBERSHIP_WORDS[team.membership]}</span>
                <span className="muted ml-auto">{team.source === "manual" ? "By hand" : "By group"}</span>
              </li>
            ))}
          </ul>
        ) : (
          <p>
            In no team yet.{" "}
            <Link className="link" href="/no-team">
              What to do
            </Link>
          </p>
        )}
      </section>
    </div>
  );
}
