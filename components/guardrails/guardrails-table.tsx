import Link from "next/link";
import type { ReactNode } from "react";
import { Table } from "@/components/ui/table";
import type { Guardrail } from "@/lib/guardrails/contract";
import { ABILITY_SHORT } from "./words";

/** What the platform minds, for everybody: what to do stands beside each. */
export function GuardrailsTable({ items, empty }: { items: Guardrail[]; empty: ReactNode }) {
  const columns = [
    { key: "title", title: "Guardrail" },
    { key: "fix", title: "What to do" },
    { key: "watches", title: "Watches", className: "desk-cell" },
    { key: "recent", title: "Last 30 days", className: "desk-cell" },
    { key: "effect", title: "Effect" },
  ];
  const rows = items.map(({ name, definition, exceptions, recent }) => ({
    key: name,
    cells: {
      title: (
        <>
          <Link className="name" href={`/guardrails/${name}`}>
            {definition.title}
          </Link>
          <span className="muted block">{exceptions.length ? `${exceptions.length} ${exceptions.length === 1 ? "team is" : "teams are"} let through for now` : name}</span>
        </>
      ),
      fix: <span className="whitespace-normal">{definition.fix}</span>,
      watches: definition.abilities.map((ability) => ABILITY_SHORT[ability]).join(", "),
      recent: recent.asked ? `${recent.refused} refused, ${recent.warned} warned of ${recent.asked}` : <span className="muted">Not asked</span>,
      effect: <EffectBadge effect={definition.effect} />,
    },
  }));
  return <Table twoLines caption="Guardrails" columns={columns} rows={rows} empty={empty} />;
}

export function EffectBadge({ effect }: { effect: Guardrail["definition"]["effect"] }) {
  return <span className="badge">{{ refuse: "Refuses", warn: "Warns", off: "Off" }[effect]}</span>;
}
