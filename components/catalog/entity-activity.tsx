import { CircleDot } from "lucide-react";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { EntityEvent } from "@/lib/catalog/contract";
import { activityInWords } from "./activity-words";

export function ActivityList({ events, now }: { events: EntityEvent[]; now: string }) {
  return (
    <ol className="timeline ruled">
      {events.map((event) => (
        <li key={event.id}>
          <CircleDot className="i muted" aria-hidden />
          <div className="line spread">
            <span className="truncate">
              <span className="strong">{event.by}</span> {activityInWords(event)}
            </span>
            <span className="muted">
              <Time at={event.at} now={now} />
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The latest of what was done, on the overview. */
export function ActivitySection({ events, now, allHref }: { events: EntityEvent[]; now: string; allHref: string }) {
  return (
    <section>
      <SectionHead title="Activity" aside={events.length ? <Link href={allHref}>All activity</Link> : null} />
      {events.length ? <ActivityList events={events} now={now} /> : <p className="muted">Nothing was changed through Waymark yet.</p>}
    </section>
  );
}

export function NoActivity() {
  return <Empty title="No activity yet">Everything that people do with this entity in Waymark is listed here: changes of its definition, deployments, actions, incidents.</Empty>;
}
