"use client";

import { ExternalLink } from "lucide-react";
import { Button, LinkButton } from "@/components/ui/button";
import { createEnvironment, deployToEnvironment } from "@/lib/environments/actions";
import type { ServiceEnvironments, Stage } from "@/lib/environments/contract";
import { DeployDialog } from "./deploy-dialog";
import type { ServiceRights } from "./service-rights";
import { isStageBusy } from "./stage-state";
import { useStart } from "./use-start";

interface Props {
  service: ServiceEnvironments;
  index: number;
  may: ServiceRights;
}

/** Why a commit cannot be promoted to the next stage now; null when it can. */
function whyNotPromote(stage: Stage, next: Stage): string | null {
  if (!stage.serving) return `${stage.tier} runs nothing yet.`;
  if (next.serving?.commit === stage.serving.commit && next.environment?.status === "ready") return `${next.tier} runs ${stage.serving.commit.slice(0, 7)} already.`;
  return isStageBusy(next) ? `A deployment to ${next.tier} is under way.` : null;
}

/** The next steps of a stage, two at most: promote or create the next one, roll back or deploy something else, open it. The rest is on its own page. */
export function StageSteps({ service, index, may }: Props) {
  const { pending, start } = useStart();
  const stage = service.stages[index];
  const before = service.stages[index - 1];
  const next = service.stages[index + 1];
  if (!stage || !service.repository) return null;
  const { environment, previous, tier } = stage;
  if (!environment) {
    const source = before?.serving;
    if (!may.create || (tier !== "development" && !source)) return null;
    const what = { entityRef: service.entityRef, tier, ...(source ? { ref: source.commit } : {}) };
    return (
      <div className="stage-steps">
        <Button size="sm" pending={pending === "create"} onClick={() => start("create", () => createEnvironment(what))}>
          Create {tier}
        </Button>
      </div>
    );
  }
  const whyNot = next?.environment ? whyNotPromote(stage, next) : null;
  const promote = () => start("promote", () => deployToEnvironment({ id: next?.environment?.id ?? "", promoteFrom: environment.id }));
  const target = previous?.commit.slice(0, 7);
  return (
    <div className="stage-steps">
      {next?.environment && may.deploy ? (
        <Button size="sm" pending={pending === "promote"} aria-disabled={whyNot ? true : undefined} title={whyNot ?? undefined} onClick={whyNot ? undefined : promote}>
          Promote to {next.tier}
        </Button>
      ) : null}
      {previous && may.deploy && tier !== "development" && !isStageBusy(stage) ? (
        <Button
          size="sm"
          variant={next ? "quiet" : "default"}
          pending={pending === "rollback"}
          title={previous.subject ?? undefined}
          onClick={() => start("rollback", () => deployToEnvironment({ id: environment.id, rollback: true }))}
        >
          Roll back to {target}
        </Button>
      ) : null}
      {may.deploy && !isStageBusy(stage) && (tier === "development" || !previous) ? (
        <DeployDialog entityRef={service.entityRef} environment={{ id: environment.id, name: environment.name }} quiet />
      ) : null}
      {environment.url && !next ? (
        <LinkButton href={environment.url} variant="quiet" size="sm" external aria-label={`Open ${environment.name}`}>
          <ExternalLink className="i" aria-hidden />
          Open
        </LinkButton>
      ) : null}
    </div>
  );
}
