import { DecommissionForm } from "@/components/decommission/decommission-form";
import { LinkButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { entityScope, getEntity } from "@/lib/catalog/queries";
import { isDomainError } from "@/lib/core/errors";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import type { DecommissionPlan } from "@/lib/decommission/contract";
import { findDecommission, planDecommission } from "@/lib/decommission/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

export default async function DecommissionPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const { ref, kind, namespace, name, title, goneAt } = await orNotFound(getEntity(ctx, await params));
  if (!can(ctx.actor, "service.decommission", await entityScope(ctx, { kind, namespace, name }))) {
    return <Notice tone="info">{title} is decommissioned by owners of its team, by the person who registered it, and by platform admins.</Notice>;
  }
  const { id } = goneAt ? await findDecommission(ctx, { entityRef: ref }) : { id: null };
  if (id) {
    const receipt = (
      <LinkButton size="sm" href={`/decommissions/${id}`}>
        Open receipt
      </LinkButton>
    );
    return (
      <Notice tone="info" action={receipt}>
        {title} is decommissioned already.
      </Notice>
    );
  }
  const plan = await planOrReason(planDecommission(ctx, { service: ref }));
  if (typeof plan === "string") return <Notice tone="info">{plan}</Notice>;
  return (
    <section>
      <SectionHead title="Decommission" />
      <p className="muted lead mb-4">
        What belongs to {title}, and what becomes of each part. The choices are the safe ones: code is kept, and the catalog entry can be brought back.
      </p>
      <DecommissionForm plan={plan} />
    </section>
  );
}

async function planOrReason(answer: Promise<DecommissionPlan>): Promise<DecommissionPlan | string> {
  try {
    return await answer;
  } catch (error) {
    if (isDomainError(error)) return error.message;
    throw error;
  }
}
