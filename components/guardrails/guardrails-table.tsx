import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import type { Guardrail } from "@/lib/guardrails/contract";
import { ABILITY_SHORT } from "./words";

/** What the platform minds, for everybody: what to do stands beside each. */
export function GuardrailsTable({ items, empty }: { items: Guardrail[]; empty: ReactNode }) {
  const columns = [
    { key: "title", title: "Guardrail, and what to do" },
    { key: "watches", title: "Watches", className: "desk-cell" },
    { key: "recent", title: "Last 30 days", className: "desk-cell" },
    { key: "effect", title: "Effect" },
  ];
  const rows = items.map(({ name, definition, exceptions, recent }) => ({
    key: name,
    cells: {
      title: (
        <span className="block">
          <Link className="name" href={`/guardrails/${name}`}>
            {definition.title}
          </Link>
          <span className="muted block whitespace-normal">{definition.fix}</span>
          {exceptions.length ? <span className="muted block">{exceptions.length === 1 ? "1 team is" : `${exceptions.length} teams are`} let through for now.</span> : null}
        </span>
      ),
      watches: definition.abilities.map((ability) => ABILITY_SHORT[ability]).join(", "),
      recent: <RecentWords recent={recent} />,
      effect: <EffectBadge effect={definition.effect} />,
    },
  }));
  return <Table twoLines caption="Guardrails" columns={columns} rows={rows} empty={empty} />;
}

export function EffectBadge({ effect }: { effect: Guardrail["definition"]["effect"] }) {
  return <span className="badge">{{ refuse: "Refuses", warn: "Warns", off: "Off" }[effect]}</span>;
}

/** How often it was asked lately, and spoke. */
export function RecentWords({ recent: { asked, refused, warned } }: Pick<Guardrail, "recent">) {
  if (asked === 0) return <span className="muted">Not asked</span>;
  const spoke = [refused ? `${refused} refused` : "", warned ? `${warned} warned of` : ""].filter(Boolean).join(", ");
  return spoke ? `${spoke}, of ${asked}` : `All ${asked} passed`;
}
