import { LinkButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { span } from "@/lib/core/format";
import type { GoldenPath } from "@/lib/golden-paths/contract";
import type { Team, TeamMember } from "@/lib/identity/contract";

/** For somebody new: who their team is, and the first thing to try. */
export function FirstSteps({ team, members, path }: { team: Team; members: TeamMember[]; path: GoldenPath | null }) {
  const owners = members.filter((member) => member.membership === "owner").map((member) => member.name);
  return (
    <div className="panel">
      <div className="panel-body stack">
        <h3>
          You are in{" "}
          <Link className="link" href={`/teams/${team.name}`}>
            {team.title}
          </Link>
        </h3>
        <p className="muted">
          {team.members} {team.members === 1 ? "person" : "people"}
          {owners.length ? `; ${owners.join(", ")} ${owners.length === 1 ? "owns" : "own"} the team and can be asked anything` : ""}. What the team runs is under{" "}
          <Link className="link" href="/environments?scope=team">
            environments
          </Link>
          , who owns what in the{" "}
          <Link className="link" href="/catalog">
            catalog
          </Link>
          .
        </p>
      </div>
      <div className="panel-body ruled stack-4">
        <h3>Try this first</h3>
        <p className="muted">
          A sandbox of your own{path ? `, ${path.title},` : ""} with its own database, {path?.usual ? `usable in about ${span(path.usual.medianMs)}` : "usable in seconds"}. It ends
          by itself.
        </p>
        <div className="line wrap">
          <LinkButton href={path ? `/environments/new?path=${path.name}` : "/environments/new"} variant="primary">
            Create sandbox
          </LinkButton>
          <span className="caption">or on the command line</span>
        </div>
        <CodeBlock code={`npx create-sandbox --template ${path?.name ?? "node-express"}`} />
      </div>
    </div>
  );
}
