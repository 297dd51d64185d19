import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { Incident } from "@/lib/metrics/contract";
import { momentWords } from "./words";

const LINK_WORDS = { explicit: "named", window: "by time", none: "none" };

interface Props {
  incidents: Incident[];
  timeZone: string;
  /** Cell with what can be done about an incident. */
  menu?: (incident: Incident) => React.ReactNode;
  empty?: React.ReactNode;
}

export function IncidentsTable({ incidents, timeZone, menu, empty }: Props) {
  const columns = [
    { key: "title", title: "Incident", className: "wide-cell" },
    { key: "severity", title: "Severity" },
    { key: "opened", title: "Opened", className: "desk-cell" },
    { key: "resolved", title: "Resolved" },
    { key: "cause", title: "Caused by", className: "desk-cell" },
    ...(menu ? [{ key: "menu", title: <span className="sr">Actions</span>, className: "end" }] : []),
  ];
  const rows = incidents.map((incident) => ({
    key: incident.id,
    cells: {
      title: (
        <span className="name truncate block" title={incident.title}>
          {incident.title}
        </span>
      ),
      severity: <span className="capitalize">{incident.severity}</span>,
      opened: <span className="nowrap">{momentWords(incident.opened_at, timeZone)}</span>,
      resolved: incident.resolved_at ? <span className="nowrap">{momentWords(incident.resolved_at, timeZone)}</span> : <Status value="open" />,
      cause: incident.deployment_id ? (
        <span className="nowrap">
          <Link href={`/delivery/deployments/${incident.deployment_id}`}>Deployment</Link> <span className="muted">{LINK_WORDS[incident.link]}</span>
        </span>
      ) : null,
      menu: menu?.(incident),
    },
  }));
  return <Table caption="Incidents" columns={columns} rows={rows} empty={empty} />;
}
