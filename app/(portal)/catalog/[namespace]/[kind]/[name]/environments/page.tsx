import { DeploymentHelp } from "@/components/deployments/deployment-help";
import { serviceRights } from "@/components/deployments/service-rights";
import { Stages } from "@/components/deployments/stages";
import { EnvironmentsTable } from "@/components/environments/environments-table";
import { Empty } from "@/components/ui/empty";
import { SectionHead } from "@/components/ui/page-head";
import { getEntityHead } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listServiceEnvironments } from "@/lib/environments/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

/** Everything that runs of a service: its stages and its sandboxes. */
export default async function EntityEnvironmentsPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const { entity } = await orNotFound(getEntityHead(ctx, await params));
  const service = await listServiceEnvironments(ctx, { entityRef: entity.ref });
  if (!service.repository) return <DeploymentHelp hasEnded={Boolean(entity.goneAt)} />;
  const hasEnded = Boolean(entity.goneAt);
  const now = ctx.now.toISOString();
  return (
    <div className="stack-8">
      <section>
        <SectionHead title="What runs where" />
        <Stages service={service} now={now} may={serviceRights(ctx.actor, service, hasEnded)} hasEnded={hasEnded} />
      </section>
      <section>
        <SectionHead title="Sandboxes" />
        <EnvironmentsTable
          items={service.sandboxes}
          now={now}
          caption={`Sandboxes of ${entity.title}`}
          empty={
            <Empty title="No sandboxes">
              {hasEnded
                ? `${entity.title} has ended, so none can be created.`
                : "A sandbox runs a branch of this service with a database of its own and ends by itself. Choose Create sandbox above."}
            </Empty>
          }
        />
      </section>
    </div>
  );
}
