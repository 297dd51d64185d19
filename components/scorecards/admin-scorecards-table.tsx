import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ScorecardSummary } from "@/lib/scorecards/contract";
import { distributionWords } from "./words";

/** Every scorecard, disabled ones too, for those who edit them. */
export function AdminScorecardsTable({ items, now }: { items: ScorecardSummary[]; now: string }) {
  const columns = [
    { key: "name", title: "Scorecard" },
    { key: "state", title: "State" },
    { key: "checks", title: "Checks", align: "end" as const },
    { key: "levels", title: "Levels", className: "desk-cell" },
    { key: "changed", title: "Changed", className: "desk-cell" },
    { key: "copy", title: <span className="sr">Copy</span>, className: "end" },
  ];
  const rows = items.map((card) => ({
    key: card.name,
    cells: {
      name: (
        <>
          <Link className="name" href={`/admin/scorecards/${card.name}`}>
            {card.title}
          </Link>
          <span className="muted block">{card.name}</span>
        </>
      ),
      state: <span className="badge">{card.isEnabled ? "Enabled" : "Disabled"}</span>,
      checks: card.checks,
      levels: card.entities ? distributionWords(card) : <span className="muted">{card.evaluatedAt ? "Applies to nothing yet" : "Being evaluated"}</span>,
      changed: <Time at={card.updatedAt} now={now} />,
      copy: (
        <LinkButton size="sm" href={`/admin/scorecards/new?from=${card.name}`} aria-label={`Copy ${card.title}`}>
          Copy
        </LinkButton>
      ),
    },
  }));
  const empty = (
    <Empty title="No scorecards yet" action={<LinkButton href="/admin/scorecards/new">New scorecard</LinkButton>}>
      A scorecard is a standard: checks over facts that Waymark has, and levels that they add up to. The editor offers checks to begin with.
    </Empty>
  );
  return <Table twoLines caption="Scorecards" columns={columns} rows={rows} empty={empty} />;
}
