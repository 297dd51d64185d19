import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { PathProposal } from "@/lib/golden-paths/contract";

const COLUMNS = [
  { key: "title", title: "Proposal" },
  { key: "path", title: "Golden path" },
  { key: "who", title: "By" },
  { key: "at", title: "Changed", className: "desk-cell" },
  { key: "status", title: "Status", className: "end" },
];

/** What the status badge shows: an accepted one that came out is published. */
export const shownProposalStatus = ({ status, publishedVersion }: PathProposal): string => (publishedVersion ? "published" : status);

export const proposalPage = ({ goldenPath, id }: Pick<PathProposal, "goldenPath" | "id">): string => `/golden-paths/${goldenPath}/proposals/${id}`;

/** Proposed changes, those that changed last first. */
export function ProposalsTable({ items, total, now, empty, withPath = true }: { items: PathProposal[]; total: number; now: string; empty?: ReactNode; withPath?: boolean }) {
  const rows = items.map((proposal) => ({
    key: proposal.id,
    cells: {
      title: (
        <span className={withPath ? "block min-w-0 max-w-[480px]" : "block min-w-0 max-w-[300px]"}>
          <Link className="strong block truncate" href={proposalPage(proposal)} title={proposal.title}>
            {proposal.title}
          </Link>
          <span className="muted block truncate" title={proposal.reason}>
            {proposal.reason}
          </span>
        </span>
      ),
      path: (
        <span>
          {proposal.goldenPath} <span className="muted">{proposal.baseVersion}</span>
        </span>
      ),
      who: (
        <span>
          {proposal.author.handle} <span className="muted">{proposal.team.split("/").at(-1)}</span>
        </span>
      ),
      at: <Time at={proposal.updatedAt} now={now} />,
      status: (
        <span className="line">
          <Status value={shownProposalStatus(proposal)} />
          {proposal.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
    },
  }));
  return (
    <Table
      caption="Proposed changes"
      columns={withPath ? COLUMNS : COLUMNS.filter(({ key }) => key !== "path")}
      rows={rows}
      empty={empty}
      foot={<span>{`${items.length} of ${total}`}</span>}
      twoLines
    />
  );
}
