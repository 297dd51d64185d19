import type { ReactNode } from "react";
import { PlaceLink } from "@/components/ui/place-link";
import { Status } from "@/components/ui/status";
import type { Outcome, Run } from "@/lib/runs/contract";
import { WHO_CAN_FIX } from "./run-words";

/** What came of a run: cause, who can fix it, the next action, the evidence. */
export function OutcomeCard({ run, outcome, actions }: { run: Run; outcome: Outcome; actions?: ReactNode }) {
  const failing = run.steps.findIndex((step) => step.name === outcome.failingStep);
  const facts: [string, ReactNode][] = [
    ["Failing step", failing >= 0 ? `${run.steps[failing]?.title}, step ${failing + 1} of ${run.steps.length}` : null],
    ["Cause", outcome.cause],
    ["Who can fix it", outcome.whoCanFix ? WHO_CAN_FIX[outcome.whoCanFix] : null],
    ["Next action", outcome.nextAction],
    [
      "Evidence",
      outcome.evidence.length
        ? outcome.evidence.map(({ title, url }) => (
            <PlaceLink key={url + title} href={url}>
              {title}
            </PlaceLink>
          ))
        : null,
    ],
  ];
  const shown = facts.filter(([, value]) => value);
  return (
    <section className={`outcome mb-4 ${run.status === "failed" ? "failed" : ""}`} aria-label="Outcome">
      <div className="outcome-head">
        <Status value={run.status} glyphOnly />
        {outcome.summary}
      </div>
      {shown.length || actions ? (
        <div className="p-4">
          <dl className="facts">
            {shown.map(([name, value]) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd className={name === "Evidence" ? "line wrap gap-x-4" : undefined}>{value}</dd>
              </div>
            ))}
          </dl>
          {actions ? <div className="line wrap mt-4">{actions}</div> : null}
        </div>
      ) : null}
    </section>
  );
}
