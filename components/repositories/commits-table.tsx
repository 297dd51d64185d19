import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { COMMITS_PER_PAGE, type CommitLine } from "@/lib/repositories/contract";
import { commitHref } from "./addresses";

const COLUMNS = [
  { key: "subject", title: "Commit" },
  { key: "author", title: "Author" },
  { key: "pushedBy", title: "Pushed by", className: "desk-cell" },
  { key: "sha", title: "Id", className: "desk-cell" },
  { key: "at", title: "When", align: "end" as const },
];

interface Props {
  repository: { owner: string; name: string };
  commits: CommitLine[];
  total: number;
  page: number;
  hrefOf: string;
  now: string;
}

export function CommitsTable({ repository, commits, total, page, hrefOf, now }: Props) {
  const rows = commits.map((commit) => ({
    key: commit.sha,
    cells: {
      subject: (
        <Link className="name truncate block" href={commitHref(repository, commit.sha)} title={commit.subject}>
          {commit.subject || "(no message)"}
        </Link>
      ),
      author: commit.author,
      pushedBy: commit.pushedBy,
      sha: <span className="mono">{commit.sha.slice(0, 7)}</span>,
      at: <Time at={commit.authoredAt} now={now} />,
    },
  }));
  const empty = <Empty title="No commits yet">Push a first commit to the default branch; it appears here at once.</Empty>;
  const last = page * COMMITS_PER_PAGE;
  return (
    <Table
      caption="Commits"
      columns={COLUMNS}
      rows={rows}
      empty={empty}
      foot={
        <ListFoot shown={commits.length} total={total} nextHref={last < total ? `${hrefOf}?page=${page + 1}` : null}>
          {`${Math.min(total, last - COMMITS_PER_PAGE + 1)}–${Math.min(total, last)} of ${total}`}
        </ListFoot>
      }
    />
  );
}
