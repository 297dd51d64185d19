import { Empty } from "@/components/ui/empty";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { CatalogRepository } from "@/lib/catalog/contract";
import { OutLink } from "./owner-contact";

const STATES = { new: "waiting", ok: "current", empty: "empty", failed: "failed", gone: "gone" };

/** Repositories that the catalog reads, each with what was last seen of it. */
export function SourceRepositories({ repositories, now, foot }: { repositories: CatalogRepository[]; now: string; foot?: string | undefined }) {
  const columns = [
    { key: "name", title: "Repository" },
    { key: "state", title: "State" },
    { key: "read", title: "Last read", className: "desk-cell" },
    { key: "entities", title: "Entities", align: "end" as const },
    { key: "findings", title: "Findings", align: "end" as const },
  ];
  const rows = repositories.map(({ key, name, url, state, problem, commit, readAt, entities, findings }) => ({
    key,
    cells: {
      name: (
        <>
          <OutLink url={url} title={name} />
          {commit ? <span className="caption mono block">{commit.slice(0, 7)}</span> : null}
        </>
      ),
      state: (
        <>
          <Status value={STATES[state]} />
          {problem ? <span className="caption block">{problem}</span> : null}
        </>
      ),
      read: readAt ? <Time at={readAt} now={now} /> : <span className="muted">Never</span>,
      entities,
      findings,
    },
  }));
  return (
    <Table
      caption="Repositories"
      columns={columns}
      rows={rows}
      empty={<Empty title="None yet">A repository is listed here once the catalog has read it.</Empty>}
      foot={foot}
      twoLines
    />
  );
}
