import { Bot, CircleX, Clock, ListChecks, MessageSquare, TriangleAlert } from "lucide-react";
import { ExtendButtons } from "@/components/environments/extend-buttons";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { Confirmation } from "@/lib/agents/contract";
import { entityHref } from "@/lib/catalog/contract";
import { day, span } from "@/lib/core/format";
import type { Environment } from "@/lib/environments/contract";
import type { Run } from "@/lib/runs/contract";
import type { LevelDrop, OwnCampaign } from "@/lib/scorecards/contract";
import { duration, type Survey } from "@/lib/surveys/contract";

const CONFIRMATIONS_SHOWN = 5;
const DROPS_SHOWN = 4;
const CAMPAIGNS_SHOWN = 3;
const SOON_MS = 3 * 3_600_000;

/** What asks for a decision: environments that end soon, failed or leaked ones. */
export function needsYou(environments: Environment[], now: string): Environment[] {
  return environments.filter((one) => one.status === "failed" || one.status === "leaked" || endsSoon(one, now));
}

function endsSoon(one: Environment, now: string): boolean {
  return one.status === "ready" && one.expiresAt !== null && Date.parse(one.expiresAt) - Date.parse(now) < SOON_MS;
}

interface Props {
  confirmations: Confirmation[];
  items: Environment[];
  failed: Run[];
  drops: LevelDrop[];
  campaigns: OwnCampaign[];
  survey: Survey | null;
  now: string;
}

export function NeedsYou({ confirmations, items, failed, drops, campaigns, survey, now }: Props) {
  if (confirmations.length + items.length + failed.length + drops.length + campaigns.length === 0 && !survey)
    return <div className="panel panel-body muted">Nothing needs you.</div>;
  return (
    <ul className="panel list needs">
      {confirmations.slice(0, CONFIRMATIONS_SHOWN).map((one) => (
        <ConfirmationLine key={one.id} confirmation={one} />
      ))}
      {items.map((one) => {
        const soon = endsSoon(one, now);
        const Icon = soon ? Clock : one.status === "leaked" ? TriangleAlert : CircleX;
        return (
          <li key={one.id}>
            <Icon className={`i ${soon ? "t-warning" : "t-danger"}`} aria-hidden />
            <div className="grow">
              <div className="one-line">
                <Link className="strong" href={`/environments/${one.id}`}>
                  {one.name}
                </Link>{" "}
                {soon ? `ends in ${span(Date.parse(one.expiresAt ?? now) - Date.parse(now))}` : one.status === "leaked" ? "could not be removed" : "was not created"}
              </div>
              <div className="muted one-line">{soon ? madeFrom(one) : one.statusReason}</div>
            </div>
            {soon ? (
              <ExtendButtons environment={one} />
            ) : (
              <LinkButton href={`/environments/${one.id}`} size="sm">
                Open
              </LinkButton>
            )}
          </li>
        );
      })}
      {failed.map((run) => (
        <li key={run.id}>
          <CircleX className="i t-danger" aria-hidden />
          <div className="grow">
            <div className="one-line">
              <Link className="strong" href={`/runs/${run.id}`}>
                {run.title}
              </Link>{" "}
              failed
            </div>
            <div className="muted one-line">{run.outcome?.cause ?? run.outcome?.summary}</div>
          </div>
          <LinkButton href={`/runs/${run.id}`} size="sm">
            Open run
          </LinkButton>
        </li>
      ))}
      {drops.slice(0, DROPS_SHOWN).map((drop) => (
        <DropLine key={`${drop.scorecard} ${drop.entityRef}`} drop={drop} />
      ))}
      {campaigns.slice(0, CAMPAIGNS_SHOWN).map((one) => (
        <CampaignLine key={one.id} campaign={one} />
      ))}
      {survey ? <SurveyDue survey={survey} /> : null}
    </ul>
  );
}

/** An agent that waits for a yes or no. */
function ConfirmationLine({ confirmation: { id, client, title, effects } }: { confirmation: Confirmation }) {
  return (
    <li>
      <Bot className="i t-warning" aria-hidden />
      <div className="grow">
        <div className="one-line">
          <Link className="strong" href={`/confirmations/${id}`}>
            {title}
          </Link>
          ? {client} asks
        </div>
        <div className="muted one-line">{effects[0]}</div>
      </div>
      <LinkButton href={`/confirmations/${id}`} size="sm">
        Decide
      </LinkButton>
    </li>
  );
}

/** A service whose level fell, and by which check. */
function DropLine({ drop }: { drop: LevelDrop }) {
  return (
    <li>
      <ListChecks className="i t-warning" aria-hidden />
      <div className="grow">
        <div className="one-line">
          <Link className="strong" href={entityHref(drop.entityRef, "scorecard")}>
            {drop.entityTitle}
          </Link>{" "}
          fell from {drop.from.title} to {drop.to.title}
        </div>
        <div className="muted one-line">
          {drop.title}
          {drop.check ? `: no longer passes “${drop.check}”` : ""}
        </div>
      </div>
      <LinkButton href={entityHref(drop.entityRef, "scorecard")} size="sm">
        Open
      </LinkButton>
    </li>
  );
}

/** What a campaign still waits for from the reader's teams. */
function CampaignLine({ campaign: { id, scorecard, title, until, isOverdue, left, owners } }: { campaign: OwnCampaign }) {
  const href = `/scorecards/${scorecard}?${new URLSearchParams({ campaign: id, team: owners.join(",") })}`;
  return (
    <li>
      <ListChecks className={`i ${isOverdue ? "t-warning" : "muted"}`} aria-hidden />
      <div className="grow">
        <div className="one-line">
          <Link className="strong" href={href}>
            {title}
          </Link>{" "}
          {isOverdue ? "was due on" : "by"} {day(until, true)}
        </div>
        <div className="muted one-line">{left === 1 ? "1 entity of your teams is not there yet" : `${left} entities of your teams are not there yet`}</div>
      </div>
      <LinkButton href={href} size="sm">
        Open
      </LinkButton>
    </li>
  );
}

function SurveyDue({ survey }: { survey: Survey }) {
  return (
    <li>
      <MessageSquare className="i muted" aria-hidden />
      <div className="grow">
        <div className="one-line">
          <Link className="strong" href="/survey">
            {survey.title} survey
          </Link>{" "}
          closes on {day(survey.closesAt, true)}
        </div>
        <div className="muted one-line">
          {survey.questions.length} questions, {duration(survey.questions)}, confidential
        </div>
      </div>
      <LinkButton href="/survey" size="sm">
        Answer
      </LinkButton>
    </li>
  );
}

function madeFrom({ testOf, goldenPath }: Environment): string {
  return testOf ? `Test run of ${testOf.goldenPath}` : `Sandbox from ${goldenPath?.name ?? "a golden path"}`;
}
