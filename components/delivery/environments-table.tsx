import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { ProvisionedRow } from "@/lib/metrics/contract";
import { momentWords, secondsWords } from "./words";

interface Props {
  environments: ProvisionedRow[];
  timeZone: string;
  caption: string;
  foot?: React.ReactNode;
  empty?: React.ReactNode;
}

/** Environments with how long each took to become usable, and its longest phases. */
export function EnvironmentsTable({ environments, timeZone, caption, foot, empty }: Props) {
  const columns = [
    { key: "name", title: "Environment" },
    { key: "asked", title: "Asked for", className: "desk-cell" },
    { key: "status", title: "Now", className: "desk-cell" },
    { key: "phases", title: "Longest phases", className: "desk-cell wide-cell" },
    { key: "time", title: "Usable after", align: "end" as const },
  ];
  const rows = environments.map((one) => ({
    key: one.id,
    cells: {
      name: (
        <Link className="name" href={`/environments/${one.id}`}>
          {one.name}
        </Link>
      ),
      asked: <span className="muted nowrap">{momentWords(one.requestedAt, timeZone)}</span>,
      status: <Status value={one.status} />,
      phases: (
        <span className="truncate block muted">
          {[...one.phases]
            .sort((a, b) => b.ms - a.ms)
            .slice(0, 3)
            .map((phase) => `${phase.name} ${secondsWords(phase.ms / 1000)}`)
            .join(", ")}
        </span>
      ),
      time: one.seconds === null ? <span className="muted">Not usable</span> : secondsWords(one.seconds),
    },
  }));
  return <Table caption={caption} columns={columns} rows={rows} foot={foot} empty={empty} />;
}
