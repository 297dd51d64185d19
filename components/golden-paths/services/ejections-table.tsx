import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { entityHref } from "@/lib/catalog/contract";

export interface EjectionLine {
  concern: string | null;
  reason: string;
  at: string;
  service: string;
  entityRef: string | null;
  isOver: boolean;
}

const COLUMNS = [
  { key: "concern", title: "Concern" },
  { key: "n", title: "Services", align: "end" as const },
  { key: "reasons", title: "Reasons" },
];

/** Which concerns teams took over, the most often left first, each with who and why. */
export function EjectionsTable({ ejections, now }: { ejections: EjectionLine[]; now: string }) {
  const open = ejections.filter(({ isOver }) => !isOver);
  const names = [...new Set(open.map(({ concern }) => concern))].map((concern) => ({ concern, lines: open.filter((one) => one.concern === concern) }));
  const rows = names
    .sort((a, b) => b.lines.length - a.lines.length)
    .map(({ concern, lines }) => ({
      key: concern ?? "*",
      cells: {
        concern: concern ?? "The whole path",
        n: lines.length,
        reasons: (
          <ul className="list bare compact">
            {lines.slice(0, 5).map((line) => (
              <li key={line.service} className="line wrap">
                <span className="grow">{line.reason}</span>
                <span className="muted nowrap">
                  {line.entityRef ? <Link href={entityHref(line.entityRef)}>{line.service}</Link> : line.service}, <Time at={line.at} now={now} />
                </span>
              </li>
            ))}
          </ul>
        ),
      },
    }));
  return (
    <Table
      caption="What teams look after themselves"
      columns={COLUMNS}
      rows={rows}
      empty={<Empty title="Nobody left">Teams that take a part of the path into their own hands appear here, with their reasons.</Empty>}
    />
  );
}
