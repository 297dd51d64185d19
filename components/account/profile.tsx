import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { Account } from "@/lib/identity/contract";
import { MEMBERSHIP_WORDS, ROLE_WORDS } from "@/lib/identity/contract";

/** What the portal knows of somebody, and where it has it from. */
export function Profile({ account, now }: { account: Account & { isPending?: boolean }; now: string }) {
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
        {account.isPending ? (
          <dd className="muted">None before the first sign-in</dd>
        ) : (
          <dd className="mono">
            {account.subject} <span className="muted">at {account.issuer}</span>
          </dd>
        )}
        {account.managedBy ? (
          <>
            <dt>Managed by</dt>
            <dd>
              {account.managedBy.name}
              <span className="muted">, which pushes name, address, groups and access</span>
            </dd>
          </>
        ) : null}
      </dl>
      <section>
        <SectionHead
          title="Teams"
          aside={account.managedBy ? "Groups come from the identity provider at every push." : "Name and groups come from the identity provider at each sign-in."}
        />
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
