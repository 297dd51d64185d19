import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { DeclaredStepAction } from "@/lib/golden-paths/contract";

const COLUMNS = [
  { key: "id", title: "Action" },
  { key: "state", title: "State" },
  { key: "kind", title: "Kind" },
  { key: "used", title: "Used by", className: "desk-cell" },
  { key: "changed", title: "Changed", className: "end" },
];

/** The declared actions with the golden paths that use them. */
export function StepActionsTable({ items, now }: { items: DeclaredStepAction[]; now: string }) {
  const rows = items.map(({ id, definition, isEnabled, usedBy, updatedAt, updatedBy }) => ({
    key: id,
    cells: {
      id: (
        <span className="block min-w-0">
          <Link className="name mono" href={`/admin/step-actions/${encodeURIComponent(id)}`}>
            {id}
          </Link>
          <span className="muted block">{definition.title}</span>
        </span>
      ),
      state: <span className="badge">{isEnabled ? "On" : "Off"}</span>,
      kind: definition.back.type === "http" ? "HTTP call" : "Command",
      used: usedBy.length > 0 ? usedBy.join(", ") : <span className="muted">No golden path</span>,
      changed: (
        <span>
          <Time at={updatedAt} now={now} />
          {updatedBy ? ` by ${updatedBy}` : ""}
        </span>
      ),
    },
  }));
  const empty = (
    <Empty title="No actions of your own" action={<LinkButton href="/admin/step-actions/new">New step action</LinkButton>}>
      Where the built-in actions do not reach, declare one: a signed call to a service of yours, or a command that changes the files.
    </Empty>
  );
  return <Table twoLines caption="Declared step actions" columns={COLUMNS} rows={rows} empty={empty} />;
}
