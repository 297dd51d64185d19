import { Lock } from "lucide-react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { ActionSummary } from "@/lib/actions/contract";
import { duration } from "@/lib/core/format";
import { targetInWords, whoInWords } from "./action-words";

interface Props {
  items: ActionSummary[];
  /** Name of the one that is open beside the list. */
  selected?: string;
  /** Carried into each link: the entity or environment that was come from. */
  context?: string;
  filtered: boolean;
}

/** What people may run themselves; what they may not is shown with a lock and who may. */
export function ActionsTable({ items, selected, context = "", filtered }: Props) {
  const columns = [
    { key: "name", title: "Action" },
    { key: "who", title: "Who may run it", className: "desk-cell" },
    { key: "usual", title: "Usual", align: "end" as const, className: "desk-cell" },
    { key: "runs", title: "Runs, 28 d", align: "end" as const, className: "desk-cell" },
    { key: "last", title: "Last run", className: "end" },
  ];
  const rows = items.map((action) => ({
    key: action.name,
    selected: action.name === selected,
    cells: {
      name: (
        <>
          <span className="line">
            <Link className={action.locked ? "muted" : "name"} href={`/actions/${action.name}${context}`}>
              {action.title}
            </Link>
            {action.locked ? <Lock className="i i-sm muted" aria-label={`Only for ${action.locked}`} /> : null}
          </span>
          <span className="muted block">{targetInWords(action.target)}</span>
        </>
      ),
      who: whoInWords(action),
      usual: action.usualMs === null ? null : duration(action.usualMs),
      runs: action.runs28d,
      last: action.lastRun ? <Status value={action.lastRun.status} /> : <span className="muted">Never run</span>,
    },
  }));
  const empty = filtered ? (
    <Empty title="No action fits these filters" action={<LinkButton href="/actions">Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    <Empty title="No actions yet" action={<LinkButton href="/">Go home</LinkButton>}>
      Actions are made by the platform team: a form, and what it starts. Tell them what you would like to do yourself.
    </Empty>
  );
  return <Table twoLines caption="Actions" columns={columns} rows={rows} empty={empty} />;
}
