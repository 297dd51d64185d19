import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { day } from "@/lib/core/format";
import type { Change, Preferences, Survey } from "@/lib/surveys/contract";
import { AskMe } from "./ask-me";
import { ChangesList } from "./changes-list";

interface Around {
  changes: Change[];
  /** The survey before, to tell what was changed since. */
  since: { title: string; day: string } | null;
  preferences: Preferences;
}

function Beside({ children, changes, since, preferences }: Around & { children: ReactNode }) {
  return (
    <div className="with-rail">
      <div>{children}</div>
      <aside className="stack-8">
        <ChangesList changes={changes} since={since} />
        <AskMe preferences={preferences} later={null} />
      </aside>
    </div>
  );
}

/** After answering: what happens next, and what became of earlier answers. */
export function Thanks({ survey, ...around }: Around & { survey: Survey }) {
  return (
    <Beside {...around}>
      <div className="panel panel-body stack" role="status">
        <h2 className="line">
          <CircleCheck className="i t-success" aria-hidden />
          Your answers are in
        </h2>
        <p>
          The survey closes on {day(survey.closesAt, true)}; then everybody sees the results. {survey.answered} of {survey.asked} have answered so far.
        </p>
        <p className="muted">Your answers are kept apart from your name, so they cannot be found again to change them.</p>
      </div>
    </Beside>
  );
}

export function NotInvited({ survey, ...around }: Around & { survey: Survey }) {
  return (
    <Beside {...around}>
      <div className="table-wrap">
        <Empty title={around.preferences.isOptedOut ? "No survey asks you" : "The next survey will ask you"} action={<LinkButton href="/survey/results">See results</LinkButton>}>
          The {survey.title} survey asks {survey.audience.charAt(0).toLowerCase() + survey.audience.slice(1)}, as of its opening on {day(survey.opensAt)}.
        </Empty>
      </div>
    </Beside>
  );
}

export function NoSurvey({ next, ...around }: Around & { next: string | null }) {
  return (
    <Beside {...around}>
      <div className="table-wrap">
        <Empty title="No survey is open" action={<LinkButton href="/survey/results">See results</LinkButton>}>
          {next ? `The next one opens on ${day(next, true)}. You get a notice then.` : "The monthly survey is switched off. A platform admin can open one at any time."}
        </Empty>
      </div>
    </Beside>
  );
}
