import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ActionSummary } from "@/lib/actions/contract";
import { BACK_END_WORDS, targetInWords, whoInWords } from "./action-words";

const STATUS_WORDS = { draft: "Draft", published: "Published", disabled: "Disabled" };

/** All actions with their use, for the platform team. */
export function AdminActionsTable({ items, now }: { items: ActionSummary[]; now: string }) {
  const columns = [
    { key: "name", title: "Action" },
    { key: "state", title: "State" },
    { key: "backEnd", title: "Back end", className: "desk-cell" },
    { key: "who", title: "Who may run it", className: "desk-cell" },
    { key: "runs", title: "Runs, 28 d", align: "end" as const, className: "desk-cell" },
    { key: "last", title: "Last run", className: "end" },
  ];
  const rows = items.map((action) => ({
    key: action.name,
    cells: {
      name: (
        <>
          <Link className="name" href={`/admin/actions/${action.name}`}>
            {action.title}
          </Link>
          <span className="muted block">{targetInWords(action.target)}</span>
        </>
      ),
      state: (
        <span className="line">
          <span className="badge">{STATUS_WORDS[action.status]}</span>
          {action.version === null ? null : <span className="muted">v{action.version}</span>}
        </span>
      ),
      backEnd: BACK_END_WORDS[action.backEnd],
      who: whoInWords(action),
      runs: action.runs28d,
      last: action.lastRun ? (
        <Link className="line" href={`/runs/${action.lastRun.id}`}>
          <Status value={action.lastRun.status} /> <Time at={action.lastRun.at} now={now} />
        </Link>
      ) : (
        <span className="muted">Never run</span>
      ),
    },
  }));
  const empty = (
    <Empty title="No actions yet" action={<LinkButton href="/admin/actions/new">New action</LinkButton>}>
      An action is a form and what it starts: a webhook, a GitHub workflow or a function of the platform.
    </Empty>
  );
  return <Table twoLines caption="Actions" columns={columns} rows={rows} empty={empty} />;
}
