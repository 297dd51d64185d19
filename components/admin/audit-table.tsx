import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { AuditEvent } from "@/lib/audit/contract";
import { DOOR_WORDS, detailWords } from "./audit-words";

interface Props {
  events: AuditEvent[];
  now: string;
  selected: string | null;
  hrefs: Record<string, { event: string; actor: string }>;
  filtered: boolean;
  firstHref: string | null;
  olderHref: string | null;
  total: number;
}

export function AuditTable({ events, now, selected, hrefs, filtered, firstHref, olderHref, total }: Props) {
  const rows = events.map((event) => ({
    key: event.id,
    selected: event.id === selected,
    cells: {
      at: (
        <Link className="name" href={hrefs[event.id]?.event ?? "#"} scroll={false}>
          <Time at={event.at} now={now} />
          <span className="sr">
            {" "}
            {event.name} by {event.actor.label}
          </span>
        </Link>
      ),
      actor:
        event.actor.type === "user" ? (
          <Link href={hrefs[event.id]?.actor ?? "#"}>{event.actor.label}</Link>
        ) : (
          <span className="muted">{event.actor.type === "connection" ? event.actor.label : event.actor.type === "system" ? "Waymark" : "Nobody"}</span>
        ),
      name: <span className="mono nowrap">{event.name}</span>,
      target: event.target ? (
        <span className="truncate block max-w-[200px]" title={event.target.label}>
          {event.target.label}
        </span>
      ) : undefined,
      detail: (
        <span className={event.result === "refused" ? "truncate block max-w-[220px]" : "muted truncate block max-w-[220px]"} title={detailWords(event)}>
          {detailWords(event)}
        </span>
      ),
      door: (
        <span className="muted truncate block max-w-[120px]" title={event.mcpClient ?? undefined}>
          {event.mcpClient ?? DOOR_WORDS[event.door]}
        </span>
      ),
    },
  }));
  const columns = [
    { key: "at", title: "Time" },
    { key: "actor", title: "Actor" },
    { key: "name", title: "Event" },
    { key: "target", title: "Target" },
    { key: "detail", title: "Detail", className: "desk-cell" },
    { key: "door", title: "Door", className: "desk-cell" },
  ];
  const empty = filtered ? (
    <Empty title="No event fits these filters" action={<LinkButton href="/admin/audit">Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    <Empty title="Nothing has happened yet">Every change is written here together with the change itself.</Empty>
  );
  const foot = (
    <>
      <span>
        {events.length} of {total}
      </span>
      <span className="line">
        {firstHref ? (
          <LinkButton size="sm" href={firstHref}>
            Newest
          </LinkButton>
        ) : null}
        {olderHref ? (
          <LinkButton size="sm" href={olderHref}>
            Older
          </LinkButton>
        ) : null}
      </span>
    </>
  );
  return <Table caption="Audit events" columns={columns} rows={rows} empty={empty} foot={foot} />;
}
