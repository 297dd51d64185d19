import type { ServiceEnvironments } from "@/lib/environments/contract";
import { DeployDialog } from "./deploy-dialog";
import { SandboxDialog } from "./sandbox-dialog";
import type { ServiceRights } from "./service-rights";

/** The steps in the head of a service's page: a sandbox of a branch, and a deployment to the first stage. */
export function ServiceSteps({ service, title, may }: { service: ServiceEnvironments; title: string; may: ServiceRights }) {
  if (!service.repository) return null;
  const first = service.stages.find((stage) => stage.environment && ["ready", "failed"].includes(stage.environment.status))?.environment;
  return (
    <>
      {may.create ? <SandboxDialog entityRef={service.entityRef} title={title} /> : null}
      {may.deploy && first ? <DeployDialog entityRef={service.entityRef} environment={{ id: first.id, name: first.name }} /> : null}
    </>
  );
}
