import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { day } from "@/lib/core/format";
import type { Change, Survey } from "@/lib/surveys/contract";
import { ChangesList } from "./changes-list";

function Beside({ children, changes }: { children: ReactNode; changes: Change[] }) {
  return (
    <div className="with-rail">
      <div>{children}</div>
      <aside>
        <ChangesList changes={changes} />
      </aside>
    </div>
  );
}

/** After answering: what happens next, and what became of earlier answers. */
export function Thanks({ survey, changes }: { survey: Survey; changes: Change[] }) {
  return (
    <Beside changes={changes}>
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

export function NotInvited({ survey, changes }: { survey: Survey; changes: Change[] }) {
  return (
    <Beside changes={changes}>
      <div className="table-wrap">
        <Empty title="The next survey will ask you" action={<LinkButton href="/survey/results">See results</LinkButton>}>
          The {survey.title} survey asks everybody who was here when it opened on {day(survey.opensAt)}.
        </Empty>
      </div>
    </Beside>
  );
}

export function NoSurvey({ next, changes }: { next: string | null; changes: Change[] }) {
  return (
    <Beside changes={changes}>
      <div className="table-wrap">
        <Empty title="No survey is open" action={<LinkButton href="/survey/results">See results</LinkButton>}>
          {next ? `The next one opens on ${day(next, true)}. You get a notice then.` : "The monthly survey is switched off. A platform admin can open one at any time."}
        </Empty>
      </div>
    </Beside>
  );
}
