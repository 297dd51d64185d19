import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { Guardrail } from "@/lib/guardrails/contract";
import { EffectBadge, RecentWords } from "./guardrails-table";
import { ABILITY_SHORT } from "./words";

interface Props {
  items: Guardrail[];
  running: Record<string, { considered: number; fails: number }>;
  now: string;
}

/** Every guardrail, those that are off too, with how often it spoke and what it would say of what runs now. */
export function AdminGuardrailsTable({ items, running, now }: Props) {
  const columns = [
    { key: "title", title: "Guardrail" },
    { key: "effect", title: "Effect" },
    { key: "watches", title: "Watches", className: "desk-cell" },
    { key: "recent", title: "Last 30 days" },
    { key: "running", title: "Of what runs now", className: "desk-cell" },
    { key: "changed", title: "Changed", className: "desk-cell" },
  ];
  const rows = items.map(({ name, definition, exceptions, recent, updatedAt }) => {
    const own = running[name];
    return {
      key: name,
      cells: {
        title: (
          <span className="block">
            <Link className="name" href={`/admin/guardrails/${name}`}>
              {definition.title}
            </Link>
            <span className="muted block">{exceptions.length ? `${name}, ${exceptions.length} let through` : name}</span>
          </span>
        ),
        effect: <EffectBadge effect={definition.effect} />,
        watches: definition.abilities.map((ability) => ABILITY_SHORT[ability]).join(", "),
        recent: <RecentWords recent={recent} />,
        running: own ? <RunningWords {...own} /> : null,
        changed: <Time at={updatedAt} now={now} />,
      },
    };
  });
  const empty = (
    <Empty title="No guardrails yet" action={<LinkButton href="/admin/guardrails/new">New guardrail</LinkButton>}>
      A guardrail says what must hold for a request, what to do instead, and where to read more. It speaks while people type. The editor offers some to begin with.
    </Empty>
  );
  return <Table twoLines caption="Guardrails" columns={columns} rows={rows} empty={empty} />;
}

function RunningWords({ considered, fails }: { considered: number; fails: number }) {
  if (considered === 0) return <span className="muted">Nothing runs</span>;
  return fails ? `${fails} of ${considered} would not pass` : `All ${considered} would pass`;
}
