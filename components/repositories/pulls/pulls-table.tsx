import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { PullRequest } from "@/lib/repositories/contract";
import { pullHref, pullsHref } from "../addresses";
import { pullStatus } from "./pull-words";

const COLUMNS = [
  { key: "title", title: "Pull request" },
  { key: "status", title: "Status" },
  { key: "branch", title: "Branch", className: "desk-cell" },
  { key: "author", title: "Opened by" },
  { key: "at", title: "Updated", align: "end" as const },
];

interface Props {
  repository: { owner: string; name: string; defaultBranch: string };
  items: PullRequest[];
  total: number;
  status: "open" | "merged" | "closed";
  nextCursor: string | null;
  now: string;
  mayOpen: boolean;
}

const EMPTY = {
  open: { title: "No open pull requests", text: "Push a branch, then propose it here: others see what changes before it reaches" },
  merged: { title: "Nothing merged yet", text: "Pull requests that were merged are listed here. They bring a branch to" },
  closed: { title: "None closed", text: "Pull requests that were given up are listed here. They would have brought a branch to" },
};

export function PullsTable({ repository, items, total, status, nextCursor, now, mayOpen }: Props) {
  const rows = items.map((pull) => ({
    key: pull.id,
    cells: {
      title: (
        <Link className="name truncate block" href={pullHref(repository, pull.number)} title={pull.title}>
          <span className="muted">#{pull.number}</span> {pull.title}
        </Link>
      ),
      status: <Status value={pullStatus(pull)} />,
      branch: <span className="mono">{pull.sourceBranch}</span>,
      author: pull.author ? pull.author.handle || pull.author.name : "Waymark",
      at: <Time at={pull.endedAt ?? pull.updatedAt} now={now} />,
    },
  }));
  const { title, text } = EMPTY[status];
  return (
    <Table
      caption="Pull requests"
      columns={COLUMNS}
      rows={rows}
      empty={
        <Empty title={title}>
          {text} {repository.defaultBranch}.{mayOpen || status !== "open" ? "" : " Only the owning team opens them."}
        </Empty>
      }
      foot={<ListFoot shown={items.length} total={total} nextHref={nextCursor ? `${pullsHref(repository, status)}&cursor=${nextCursor}` : null} />}
    />
  );
}
