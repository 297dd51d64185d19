import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { Deployment, ServiceEnvironments } from "@/lib/environments/contract";
import { BlazeStrip } from "./blaze-strip";
import { DeploymentsTable } from "./deployments-table";
import type { ServiceRights } from "./service-rights";
import { Stages } from "./stages";

/** Full width, above everything else: what runs where. */
export function WhatRunsWhere({ service, now, may, hasEnded }: { service: ServiceEnvironments; now: string; may: ServiceRights; hasEnded: boolean }) {
  if (!service.repository) return null;
  const checked = service.stages.flatMap((stage) => stage.environment?.health.checkedAt ?? []).sort()[0];
  return (
    <section>
      <SectionHead
        title="What runs where"
        aside={
          checked ? (
            <>
              Checked <Time at={checked} now={now} />
            </>
          ) : null
        }
      />
      <Stages service={service} now={now} may={may} hasEnded={hasEnded} />
    </section>
  );
}

interface Props {
  latest: Deployment[];
  production: Deployment[];
  now: string;
  allHref: string;
}

/** The latest deployments over all environments, and the last 20 to production as blazes. */
export function LatestDeployments({ latest, production, now, allHref }: Props) {
  if (latest.length === 0) return null;
  return (
    <section>
      <SectionHead
        title={<Link href={allHref}>Deployments</Link>}
        aside={production.length > 0 ? <BlazeStrip items={production} what="production" /> : <Link href={allHref}>All deployments</Link>}
      />
      <DeploymentsTable items={latest} now={now} caption="Latest deployments" />
    </section>
  );
}
