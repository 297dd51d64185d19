import { Button, LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { NoTeam } from "@/lib/identity/contract";

function reason({ groupsClaim, groups, groupCount, pushedBy }: NoTeam): string {
  if (pushedBy) return `Your groups are pushed by ${pushedBy}: ${groupCount ? `you are in ${groupCount}, and no rule leads from there to a team` : "you are in none"}.`;
  if (groups === null) return `Your sign-in carried no group claim (${groupsClaim}). The identity provider has to be told to send it, or you are added to a team by hand.`;
  if (groupCount === 0) return "Your sign-in carried an empty list of groups. You are in none that the identity provider tells Waymark about.";
  return `Your sign-in carried ${groupCount === 1 ? "one group" : `${groupCount} groups`}, and no rule leads from there to a team.`;
}

/** What to do for somebody whom no rule puts into a team. */
export function NoTeamHelp({ handle, ...standing }: NoTeam & { handle: string }) {
  const { groups, groupCount, admins } = standing;
  const more = (groupCount ?? 0) - (groups?.length ?? 0);
  const request = `I (${handle}) need to be in my team in Waymark.${groups?.length ? ` My groups: ${groups.join(", ")}.` : ""} Either a rule under Role rules, or by hand on the page of the team.`;
  return (
    <div className="stack-4">
      <p>Environments, services and quotas belong to teams, so there is little to see before you are in one.</p>
      <p>{reason(standing)}</p>
      {groups?.length ? (
        <dl className="facts">
          <dt>Your groups</dt>
          <dd className="mono">
            {groups.join(", ")}
            {more > 0 ? ` and ${more} more` : ""}
          </dd>
        </dl>
      ) : null}
      <div>
        <h2>Next step</h2>
        {admins.length ? (
          <p className="mt-1">
            Ask a platform admin:{" "}
            {admins.map((admin, index) => (
              <span key={admin.name}>
                {index ? ", " : ""}
                {admin.email ? (
                  <a className="link" href={`mailto:${admin.email}`}>
                    {admin.name}
                  </a>
                ) : (
                  admin.name
                )}
              </span>
            ))}
            . After that, sign in again: rules count from each sign-in.
          </p>
        ) : (
          <p className="mt-1">
            Nobody is platform admin yet. Whoever runs this portal makes one on its server with <span className="mono">waymark admin grant {handle}</span>, or by a group named in{" "}
            <span className="mono">WAYMARK_ADMIN_GROUP</span>.
          </p>
        )}
      </div>
      <div className="code">
        <code className="whitespace-pre-wrap">{request}</code>
        <CopyButton text={request} label="Copy message" />
      </div>
      <div className="line">
        <form action="/api/auth/sign-out" method="post">
          <Button type="submit">Sign out</Button>
        </form>
        <LinkButton href="/" variant="quiet">
          Look around anyway
        </LinkButton>
      </div>
    </div>
  );
}
