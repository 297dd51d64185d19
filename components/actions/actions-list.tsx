import type { ReactNode } from "react";
import { FilterBar } from "@/components/ui/filter-bar";
import { PageHead } from "@/components/ui/page-head";
import { type ActionSummary, TARGET_KINDS } from "@/lib/actions/contract";
import { ActionsTable } from "./actions-table";

interface Props {
  items: ActionSummary[];
  total: number;
  filtered: boolean;
  context: string;
  selected?: string;
  /** The form of the one that is open. */
  children?: ReactNode;
}

const KIND_LABELS = { component: "Component", api: "API", resource: "Resource", system: "System", domain: "Domain" };

/** The list of actions, with the form of one of them beside it. */
export function ActionsList({ items, total, filtered, context, selected, children }: Props) {
  const locked = items.filter((action) => action.locked).length;
  return (
    <div className={children ? "action-split" : undefined}>
      <div className={children ? "action-split-list" : undefined}>
        <PageHead title="Actions" sub="What you can do yourself, on your own services. Every one is a run with an outcome." />
        <FilterBar
          search={{ name: "q", placeholder: "Filter by name" }}
          choices={[{ name: "kind", label: "On", options: TARGET_KINDS.map((value) => ({ value, label: KIND_LABELS[value] })) }]}
          count={`${items.length} of ${total}`}
        />
        <ActionsTable items={items} filtered={filtered} context={context} {...(selected ? { selected } : {})} />
        {locked > 0 ? <p className="muted mt-3">Locked actions need another role: open one to see whom to ask.</p> : null}
      </div>
      {children}
    </div>
  );
}
