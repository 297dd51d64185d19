import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import type { ChangeRow } from "@/lib/metrics/contract";
import { ServiceLink } from "./service-link";
import { lead, momentWords } from "./words";

/** A commit's hash and first line, leading to the commit where its repository is here. */
export function CommitName({ sha, subject, href }: { sha: string; subject: string | null; href: string | null }) {
  const inside = (
    <>
      <span className="ref font-normal">{sha.slice(0, 7)}</span>
      <span className="truncate" title={subject ?? undefined}>
        {subject || <span className="muted">No message</span>}
      </span>
    </>
  );
  return href ? (
    <Link className="name line" href={href} title={sha}>
      {inside}
    </Link>
  ) : (
    <span className="name line" title={sha}>
      {inside}
    </span>
  );
}

interface Props {
  changes: ChangeRow[];
  timeZone: string;
  caption: string;
  foot?: React.ReactNode;
  empty?: React.ReactNode;
}

/** Changes at their first production deployment. */
export function ChangesTable({ changes, timeZone, caption, foot, empty }: Props) {
  const columns = [
    { key: "change", title: "Change", className: "wide-cell" },
    { key: "service", title: "Service", className: "desk-cell" },
    { key: "authored", title: "Authored", className: "desk-cell" },
    // On a phone, where rows are cards, below name and time.
    { key: "deployed", title: "In production", className: "order-last" },
    { key: "lead", title: "Lead time", align: "end" as const },
  ];
  const rows = changes.map((change) => ({
    key: `${change.repository} ${change.sha} ${change.service}`,
    cells: {
      change: <CommitName sha={change.sha} subject={change.subject} href={change.href} />,
      service: <ServiceLink service={change.service} />,
      authored: <span className="muted nowrap">{momentWords(change.authoredAt, timeZone)}</span>,
      deployed: (
        <Link className="nowrap" href={`/delivery/deployments/${change.deploymentId}`}>
          {momentWords(change.deployedAt, timeZone)}
        </Link>
      ),
      lead: change.clockSkew ? <span title="Authored after it was deployed: a clock is wrong. Counted as 0.">0 min, clock</span> : lead(change.leadSeconds),
    },
  }));
  return <Table caption={caption} columns={columns} rows={rows} foot={foot} empty={empty} />;
}
