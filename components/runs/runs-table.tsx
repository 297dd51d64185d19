import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { duration } from "@/lib/core/format";
import type { Run } from "@/lib/runs/contract";
import { runMs } from "./run-words";

interface Props {
  items: Run[];
  now: string;
  caption: string;
  filtered?: boolean;
  foot?: React.ReactNode;
}

export function RunsTable({ items, now, caption, filtered = false, foot }: Props) {
  const rows = items.map((run) => ({
    key: run.id,
    cells: {
      title: (
        <Link className="name truncate block max-w-[360px]" href={`/runs/${run.id}`} title={run.title}>
          {run.title}
        </Link>
      ),
      status: (
        <span className="line">
          <Status value={run.status} />
          {run.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
      cause: (
        <span className="muted truncate block max-w-[320px]" title={run.outcome?.cause}>
          {run.outcome?.cause ?? ""}
        </span>
      ),
      by: run.requestedBy?.handle ?? "platform",
      took: duration(runMs(run, Date.parse(now))),
      at: <Time at={run.createdAt} now={now} />,
    },
  }));
  const columns = [
    { key: "title", title: "Run" },
    { key: "status", title: "Status", className: "end" },
    { key: "cause", title: "Cause", className: "desk-cell" },
    { key: "by", title: "By", className: "desk-cell" },
    { key: "took", title: "Took", align: "end" as const },
    { key: "at", title: "Started", align: "end" as const, className: "desk-cell" },
  ];
  const empty = filtered ? (
    <Empty title="No run fits these filters" action={<LinkButton href="/runs">Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    <Empty title="No runs yet" action={<LinkButton href="/environments/new">Create environment</LinkButton>}>
      Everything that takes a while is a run: it shows its steps, its log, and what came of it.
    </Empty>
  );
  return <Table caption={caption} columns={columns} rows={rows} empty={empty} foot={foot} />;
}
