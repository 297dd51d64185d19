import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { DeploymentLine } from "@/lib/metrics/contract";
import { CommitName } from "./changes-table";
import { ServiceLink } from "./service-link";
import { momentWords } from "./words";

const KIND_WORDS = { baseline: "Baseline", forward: "Forward", rollback: "Rollback", redeploy: "Repeat" };

/** What a deployment was, in one word; failed attempts never ran. */
export function DeploymentKind({ kind, status, causedFailure }: Pick<DeploymentLine, "kind" | "status" | "causedFailure">) {
  if (status === "failure") return <Status value="failed" />;
  return (
    <span className="line">
      {kind ? KIND_WORDS[kind] : <span className="muted">Being worked out</span>}
      {causedFailure ? <span className="badge t-danger">Failed later</span> : null}
    </span>
  );
}

interface Props {
  deployments: DeploymentLine[];
  timeZone: string;
  caption: string;
  withService?: boolean;
  foot?: React.ReactNode;
  empty?: React.ReactNode;
}

export function DeploymentsTable({ deployments, timeZone, caption, withService = true, foot, empty }: Props) {
  const columns = [
    { key: "when", title: "Deployed" },
    ...(withService ? [{ key: "service", title: "Service" }] : []),
    { key: "commit", title: "Commit", className: "wide-cell" },
    { key: "kind", title: "Kind", className: "desk-cell" },
    { key: "changes", title: "Changes", align: "end" as const },
  ];
  const rows = deployments.map((one) => ({
    key: one.id,
    cells: {
      when: (
        <Link className="name nowrap" href={`/delivery/deployments/${one.id}`}>
          {momentWords(one.finishedAt, timeZone)}
        </Link>
      ),
      service: <ServiceLink service={one.service} />,
      commit: <CommitName sha={one.commit} subject={one.subject} href={one.href} />,
      kind: <DeploymentKind kind={one.kind} status={one.status} causedFailure={one.causedFailure} />,
      changes: one.changes,
    },
  }));
  return <Table caption={caption} columns={columns} rows={rows} foot={foot} empty={empty} />;
}
