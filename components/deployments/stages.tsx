import { KeepFresh } from "@/components/ui/keep-fresh";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { Environment, ServiceEnvironments, Stage } from "@/lib/environments/contract";
import { CommitRef } from "./commit-ref";
import { byWhom } from "./deployments-table";
import type { ServiceRights } from "./service-rights";
import { isServiceBusy } from "./stage-state";
import { StageSteps } from "./stage-steps";

export const TIER_WORDS = { development: "Development", staging: "Staging", production: "Production", sandbox: "Sandbox" };

const shown = (environment: Environment) => (environment.status === "ready" && environment.health.state !== "unknown" ? environment.health.state : environment.status);

/** How far a stage is ahead of the next one, in words. */
function comparison({ compared }: Stage, next: Stage | undefined): string | null {
  if (!next || !compared) return null;
  if (compared.ahead === 0 && compared.behind === 0) return `Same commit as ${next.tier}`;
  if (compared.ahead === 0) return `${compared.behind} ${compared.behind === 1 ? "commit" : "commits"} behind ${next.tier}`;
  return `${compared.ahead} ${compared.ahead === 1 ? "commit" : "commits"} ahead of ${next.tier}${compared.behind ? `, ${compared.behind} behind` : ""}`;
}

function traffic({ traffic: seen, environment }: Stage): string | null {
  if (!seen || environment?.status !== "ready") return null;
  if (seen.errorShare === null) return "No requests in the last 5 min";
  const perMinute = seen.requestsPerMinute < 10 ? Math.round(seen.requestsPerMinute * 10) / 10 : Math.round(seen.requestsPerMinute);
  return `${perMinute} requests/min, ${Math.round(seen.errorShare * 1000) / 10} % errors, p95 ${seen.p95Ms === null ? "—" : `${Math.round(seen.p95Ms)} ms`}`;
}

function NewestLine({ newest }: { newest: NonNullable<Stage["newest"]> }) {
  const words = { running: "Deploying", waiting: "Waiting to deploy", failed: "Failed to deploy", cancelled: "Cancelled:", superseded: "Superseded:", succeeded: "" };
  const text = (
    <>
      {words[newest.status]} <span className="mono">{newest.commit.slice(0, 7)}</span>
      {newest.status === "failed" ? ", the version above keeps serving" : ""}
    </>
  );
  return (
    <div className={newest.status === "failed" ? "stage-x t-danger" : "stage-x muted"}>
      {newest.runId ? (
        <Link className="link" href={`/runs/${newest.runId}`} title={newest.reason ?? undefined}>
          {text}
        </Link>
      ) : (
        text
      )}
    </div>
  );
}

function StageFacts({ stage, next, now }: { stage: Stage; next: Stage | undefined; now: string }) {
  const { environment, serving, newest } = stage;
  const lines = [comparison(stage, next), traffic(stage)];
  return (
    <>
      {serving ? (
        <>
          <div className="line mt-2">
            <CommitRef commit={serving.commit} icon />
            <span className="truncate" title={serving.subject ?? undefined}>
              {serving.subject ?? serving.ref}
            </span>
          </div>
          <div className="muted stage-x">
            Since <Time at={serving.finishedAt ?? serving.createdAt} now={now} />, by {byWhom(serving)}
          </div>
        </>
      ) : (
        <div className="muted mt-2">{environment?.statusReason ?? "Nothing has run here yet."}</div>
      )}
      {newest && newest.status !== "superseded" && newest.id !== serving?.id ? <NewestLine newest={newest} /> : null}
      {lines.map((line) =>
        line ? (
          <div key={line} className="muted stage-x">
            {line}
          </div>
        ) : null,
      )}
    </>
  );
}

/** Why a stage is empty, or how it comes to be. */
function absence({ stages }: ServiceEnvironments, index: number, hasEnded: boolean): string {
  if (hasEnded) return "Nothing runs here any more.";
  return index === 0 ? "A push to the default branch makes it." : `It would run what ${stages[index - 1]?.tier} runs.`;
}

/** What runs where: one card per tier in the order in which a commit goes through them, each with its next step. */
export function Stages({ service, now, may, hasEnded }: { service: ServiceEnvironments; now: string; may: ServiceRights; hasEnded: boolean }) {
  return (
    <div className="stages">
      <KeepFresh busy={isServiceBusy(service)} />
      {service.stages.map((stage, index) => {
        const next = service.stages[index + 1];
        return (
          <section key={stage.tier} className="stage" aria-label={TIER_WORDS[stage.tier]}>
            <div className="line spread">
              <h3>{stage.environment ? <Link href={`/environments/${stage.environment.id}`}>{TIER_WORDS[stage.tier]}</Link> : TIER_WORDS[stage.tier]}</h3>
              {stage.environment ? <Status value={shown(stage.environment)} /> : <span className="muted">Not there</span>}
            </div>
            {stage.environment ? <StageFacts stage={stage} next={next} now={now} /> : <div className="muted mt-2">{absence(service, index, hasEnded)}</div>}
            <StageSteps service={service} index={index} may={may} />
          </section>
        );
      })}
    </div>
  );
}
