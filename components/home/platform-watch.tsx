import { CircleX, HeartCrack, Inbox, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { Environment } from "@/lib/environments/contract";
import type { Run } from "@/lib/runs/contract";
import type { Feedback } from "@/lib/surveys/contract";

export interface Watched {
  failed: Run[];
  leaked: Environment[];
  unhealthy: Environment[];
  feedback: { items: Feedback[]; total: number };
}

function Line({ icon, title, detail, href, action }: { icon: ReactNode; title: ReactNode; detail: ReactNode; href: string; action: string }) {
  return (
    <li>
      {icon}
      <div className="grow">
        <div className="truncate">{title}</div>
        <div className="muted truncate">{detail}</div>
      </div>
      <LinkButton href={href} size="sm">
        {action}
      </LinkButton>
    </li>
  );
}

/** What a platform team looks at first: what failed, what would not go, what is ill, and what people tell. */
export function PlatformWatch({ watched, now }: { watched: Watched; now: string }) {
  const { failed, leaked, unhealthy, feedback } = watched;
  if (failed.length + leaked.length + unhealthy.length + feedback.total === 0) {
    return <div className="panel panel-body muted">Nothing failed in the last day, nothing leaked, everything healthy, every message answered.</div>;
  }
  return (
    <ul className="panel list needs">
      {leaked.map((one) => (
        <Line
          key={one.id}
          icon={<TriangleAlert className="i t-danger" aria-hidden />}
          title={<Named href={`/environments/${one.id}`} name={one.name} words="could not be removed" />}
          detail={one.statusReason}
          href={`/environments/${one.id}`}
          action="Open"
        />
      ))}
      {failed.map((run) => (
        <Line
          key={run.id}
          icon={<CircleX className="i t-danger" aria-hidden />}
          title={<Named href={`/runs/${run.id}`} name={run.title} words="failed" />}
          detail={
            <>
              {run.outcome?.cause ?? run.outcome?.summary} <Time at={run.createdAt} now={now} />
              {run.isDemo ? ", demo" : ""}
            </>
          }
          href={`/runs/${run.id}`}
          action="Open run"
        />
      ))}
      {unhealthy.map((one) => (
        <Line
          key={one.id}
          icon={<HeartCrack className="i t-warning" aria-hidden />}
          title={<Named href={`/environments/${one.id}`} name={one.name} words={`is ${one.health.state}`} />}
          detail={one.health.reason ?? "The probe does not get an answer."}
          href={`/environments/${one.id}`}
          action="Open"
        />
      ))}
      {feedback.total > 0 ? (
        <Line
          icon={<Inbox className="i muted" aria-hidden />}
          title={
            <Named href="/admin/feedback?state=open" name={feedback.total === 1 ? "1 message" : `${feedback.total} messages`} words="to the platform team wait for an answer" />
          }
          detail={feedback.items[0]?.text.slice(0, 120)}
          href="/admin/feedback?state=open"
          action="Read"
        />
      ) : null}
    </ul>
  );
}

function Named({ href, name, words }: { href: string; name: string; words: string }) {
  return (
    <>
      <Link className="strong" href={href}>
        {name}
      </Link>{" "}
      {words}
    </>
  );
}
