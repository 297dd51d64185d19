import { Empty } from "@/components/ui/empty";
import { SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ProvisioningConnectionDetail } from "@/lib/identity/contract";

/** What was refused lately, in the words that the provider got. */
export function Problems({ problems, now }: { problems: ProvisioningConnectionDetail["problems"]; now: string }) {
  const rows = problems.map((problem) => ({
    key: problem.id,
    cells: {
      at: <Time at={problem.at} now={now} />,
      why: problem.detail,
      request: <span className="mono caption break-all">{problem.request}</span>,
      status: (
        <span className="nowrap">
          {problem.status} {problem.scimType ? <span className="muted">{problem.scimType}</span> : null}
        </span>
      ),
    },
  }));
  const columns = [
    { key: "why", title: "Why it was refused", className: "col-span-full" },
    { key: "request", title: "Request" },
    { key: "status", title: "Answer", className: "desk-cell" },
    { key: "at", title: "Time", align: "end" as const },
  ];
  const empty = <Empty title="Nothing was refused">Requests that fail are listed here with the reason, the last 50 of them.</Empty>;
  return (
    <section>
      <SectionHead title="Refused requests" aside={problems.length ? `${problems.length}` : undefined} />
      <Table caption="Refused requests" columns={columns} rows={rows} empty={empty} />
    </section>
  );
}
