import { CircleDot } from "lucide-react";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { EntityEvent } from "@/lib/catalog/contract";

const VERBS: Record<string, string> = {
  "entity.import created": "registered it",
  "entity.import updated": "changed its definition",
  "entity.edit removed": "removed it from the catalog",
  "service.create": "created the service",
  "service.decommission": "asked to decommission",
  "service.decommission taken back": "took back the end of",
  "service.decommissioned": "ended",
  "environment.create": "created the environment",
  "environment.deploy": "deployed",
  "environment.restart": "restarted",
  "environment.delete": "deleted the environment",
  "incident.declare": "declared an incident",
  "incident.resolve": "resolved the incident",
  "action.run": "ran",
};

/** What somebody did, in words; an ability that has none yet is named. */
function wordsOf({ name, change, target }: EntityEvent): string {
  const verb = VERBS[`${name} ${change ?? ""}`.trim()] ?? VERBS[name] ?? name;
  return target && target.type !== "entity" ? `${verb} ${target.label}` : verb;
}

export function ActivityList({ events, now }: { events: EntityEvent[]; now: string }) {
  return (
    <ol className="timeline ruled">
      {events.map((event) => (
        <li key={event.id}>
          <CircleDot className="i muted" aria-hidden />
          <div className="line spread">
            <span className="truncate">
              <span className="strong">{event.by}</span> {wordsOf(event)}
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
