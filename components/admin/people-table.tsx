import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { type Person, ROLE_WORDS } from "@/lib/identity/contract";

export function PeopleTable({ people, now, filtered, foot }: { people: Person[]; now: string; filtered: boolean; foot: ReactNode }) {
  const rows = people.map((person) => ({
    key: person.id,
    cells: {
      name: (
        <span className="line">
          <Link className="name truncate block max-w-[240px]" href={`/admin/people/${person.id}`} title={person.name}>
            {person.name}
          </Link>
          <span className="muted mono">{person.handle}</span>
          {person.disabledAt ? <span className="badge danger">Disabled</span> : null}
          {person.isPending && !person.disabledAt ? <span className="badge">Not signed in yet</span> : null}
          {person.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
      role: ROLE_WORDS[person.role],
      teams: person.teams.length ? (
        <span className="truncate block max-w-[260px]" title={person.teams.map((team) => team.name).join(", ")}>
          {person.teams.map((team, index) => (
            <span key={team.name}>
              {index ? ", " : ""}
              <Link href={`/teams/${team.name}`}>{team.name}</Link>
              {team.membership === "owner" ? <span className="muted"> (owner)</span> : null}
            </span>
          ))}
        </span>
      ) : (
        <span className="muted">None</span>
      ),
      seen: person.lastSignInAt ? <Time at={person.lastSignInAt} now={now} /> : <span className="muted">Never</span>,
    },
  }));
  const columns = [
    { key: "name", title: "Name" },
    { key: "role", title: "Role" },
    { key: "teams", title: "Teams", className: "desk-cell" },
    { key: "seen", title: "Last sign-in", align: "end" as const, className: "desk-cell" },
  ];
  const empty = filtered ? (
    <Empty title="Nobody fits these filters" action={<LinkButton href="/admin/people">Clear filters</LinkButton>}>
      People appear after their first sign-in, or when a provisioning connection pushes them.
    </Empty>
  ) : (
    <Empty title="Nobody has signed in yet">People appear here after their first sign-in.</Empty>
  );
  return <Table caption="People" columns={columns} rows={rows} empty={empty} foot={foot} />;
}
