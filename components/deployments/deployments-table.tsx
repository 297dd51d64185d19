import type { ReactNode } from "react";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { duration } from "@/lib/core/format";
import type { Deployment } from "@/lib/environments/contract";
import { CommitRef } from "./commit-ref";

const KINDS = { deploy: null, rollback: "Rollback", promotion: "Promotion" };

const tookMs = ({ startedAt, finishedAt }: Deployment) => (startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null);

/** Who asked for it; what nobody did by hand came by a push. */
export const byWhom = ({ requestedBy }: Deployment) => requestedBy?.handle ?? "push";

interface Props {
  items: Deployment[];
  now: string;
  caption: string;
  /** Left out where all are of one environment. */
  withEnvironment?: boolean;
  empty?: ReactNode;
  foot?: ReactNode;
}

export function DeploymentsTable({ items, now, caption, withEnvironment = true, empty, foot }: Props) {
  const columns = [
    { key: "commit", title: "Commit" },
    { key: "message", title: "Message", className: "deployed-what" },
    ...(withEnvironment ? [{ key: "environment", title: "Environment" }] : []),
    { key: "by", title: "By", className: "desk-cell" },
    { key: "at", title: "When", className: "desk-cell" },
    { key: "took", title: "Took", align: "end" as const, className: "desk-cell" },
    { key: "status", title: "Status", className: "end" },
  ];
  const rows = items.map((deployment) => ({
    key: deployment.id,
    cells: {
      commit: <CommitRef commit={deployment.commit} href={deployment.runId ? `/runs/${deployment.runId}` : null} />,
      message: (
        <span className="block">
          <span className="truncate block" title={deployment.subject ?? undefined}>
            {KINDS[deployment.kind] ? <span className="badge mr-2">{KINDS[deployment.kind]}</span> : null}
            {deployment.subject ?? <span className="muted">No message</span>}
          </span>
          {deployment.reason ? (
            <span className="caption truncate block" title={deployment.reason}>
              {deployment.reason}
            </span>
          ) : null}
        </span>
      ),
      environment: (
        <Link href={`/environments/${deployment.environmentId}`} title={deployment.environment}>
          {deployment.tier === "sandbox" ? deployment.environment : deployment.tier}
        </Link>
      ),
      by: byWhom(deployment),
      at: <Time at={deployment.startedAt ?? deployment.createdAt} now={now} />,
      took: <span className="nowrap">{duration(tookMs(deployment))}</span>,
      status: <Status value={deployment.status} />,
    },
  }));
  const nothing = empty ?? (
    <Empty title="Nothing was deployed yet">Push to the default branch, or choose Deploy, and the commit, who asked for it and what came of it are listed here.</Empty>
  );
  return <Table caption={caption} columns={columns} rows={rows} empty={nothing} foot={foot} />;
}
