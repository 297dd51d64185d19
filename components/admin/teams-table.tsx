import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import type { Team } from "@/lib/identity/contract";

/** Divisions first, each followed by its teams. */
function inOrder(teams: Team[]): Team[] {
  const below = (parent: string | null): Team[] => teams.filter((team) => team.parent === parent).flatMap((team) => [team, ...below(team.name)]);
  return below(null);
}

export function TeamsTable({ teams }: { teams: Team[] }) {
  const rows = inOrder(teams).map((team) => ({
    key: team.id,
    cells: {
      title: (
        <span className={team.parent ? "line pl-4" : "line"}>
          <Link className="name truncate block max-w-[280px]" href={`/teams/${team.name}`} title={team.title}>
            {team.title}
          </Link>
          {team.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
      ref: <span className="mono">{team.ref}</span>,
      parent: team.parent ?? <span className="muted">—</span>,
      members: team.members,
    },
  }));
  const columns = [
    { key: "title", title: "Team" },
    { key: "ref", title: "Ref", className: "desk-cell" },
    { key: "parent", title: "Part of", className: "desk-cell" },
    { key: "members", title: "Members", align: "end" as const },
  ];
  const foot = <span>{teams.length} teams</span>;
  return (
    <Table
      caption="Teams"
      columns={columns}
      rows={rows}
      foot={foot}
      empty={<Empty title="No teams yet">Create the first one below, then lead groups of the identity provider to it by role rules.</Empty>}
    />
  );
}
