"use client";

import { ArrowUpRight, Undo2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { deployToEnvironment } from "@/lib/environments/actions";
import type { Deployment, Environment, ServiceEnvironments } from "@/lib/environments/contract";
import { DeployDialog } from "./deploy-dialog";
import { useStart } from "./use-start";

interface Props {
  environment: Environment;
  service: ServiceEnvironments;
  deployments: Deployment[];
}

/** What can be done next with the commit of one environment: promote it, go back to the one before, deploy another one. */
export function DeploySteps({ environment, service, deployments }: Props) {
  const { pending, start } = useStart();
  if (!service.repository || !["ready", "failed"].includes(environment.status)) return null;
  const index = service.stages.findIndex((stage) => stage.environment?.id === environment.id);
  const next = index >= 0 ? service.stages[index + 1] : undefined;
  const serving = deployments.find((one) => one.status === "succeeded");
  const target = next?.environment && serving && next.serving?.commit !== serving.commit ? next.environment : null;
  const previous = service.stages[index]?.previous;
  const busy = deployments.some((one) => one.status === "running");
  return (
    <>
      {target && next ? (
        <Button pending={pending === "promote"} onClick={() => start("promote", () => deployToEnvironment({ id: target.id, promoteFrom: environment.id }))}>
          <ArrowUpRight className="i" aria-hidden />
          Promote to {next.tier}
        </Button>
      ) : null}
      {previous && !busy ? (
        <Button
          pending={pending === "rollback"}
          title={previous.subject ?? undefined}
          onClick={() => start("rollback", () => deployToEnvironment({ id: environment.id, rollback: true }))}
        >
          <Undo2 className="i" aria-hidden />
          Roll back to {previous.commit.slice(0, 7)}
        </Button>
      ) : null}
      {busy ? null : <DeployDialog entityRef={service.entityRef} environment={{ id: environment.id, name: environment.name }} />}
    </>
  );
}
