import type { Metadata } from "next";
import type { ReactNode } from "react";
import { RunActionMenu } from "@/components/actions/run-action-menu";
import { ConfirmNotice } from "@/components/catalog/confirm-notice";
import { EntityActions } from "@/components/catalog/entity-actions";
import { EntityHead } from "@/components/catalog/entity-head";
import { EntityNav } from "@/components/catalog/entity-nav";
import { ENTITY_TABS } from "@/components/catalog/entity-tabs";
import { GoneNotice } from "@/components/catalog/gone-notice";
import { serviceRights } from "@/components/deployments/service-rights";
import { ServiceSteps } from "@/components/deployments/service-steps";
import { Page } from "@/components/layout/page";
import { EntityLevels } from "@/components/scorecards/entity-levels";
import { listActions } from "@/lib/actions/queries";
import { entityHref, isWritableKind } from "@/lib/catalog/contract";
import { entityScope, getContact, getEntityHead, listStars } from "@/lib/catalog/queries";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { findDecommission } from "@/lib/decommission/queries";
import { listServiceEnvironments } from "@/lib/environments/queries";
import { repositoryOfSource } from "@/lib/repositories/queries";
import { listBadges } from "@/lib/scorecards/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { entity } = await orNotFound(getEntityHead(await requireSignedIn(), await params));
  return { title: `${entity.title} · Catalog` };
}

/** Head and tabs of an entity, around each of its pages. */
export default async function EntityLayout({ params, children }: Props) {
  const ctx = await requireSignedIn();
  const key = await params;
  const { entity, counts, links, onCall, unconfirmedSince } = await orNotFound(getEntityHead(ctx, key));
  const [scope, contact, stars] = await Promise.all([entityScope(ctx, key), entity.ownerRef ? getContact(ctx, { ref: entity.ownerRef }) : null, listStars(ctx, {})]);
  // What is gone gets nothing new.
  const service = entity.kind === "component" && !entity.goneAt ? await listServiceEnvironments(ctx, { entityRef: entity.ref }) : null;
  const levels = (await orMissing(listBadges(ctx, { refs: [entity.ref] })))?.[entity.ref] ?? [];
  const actions = await listActions(ctx, { entityRef: entity.ref });
  const tabs = ENTITY_TABS.filter(({ shows }) => !shows || shows(entity)).map(({ label, path, count }) => ({ label, path, ...(count ? { count: counts[count] } : {}) }));
  const { ref, kind, namespace, name, title } = entity;
  const decommission = entity.goneAt ? await findDecommission(ctx, { entityRef: ref }) : null;
  const mayDecommission = !entity.goneAt && ["component", "api", "resource"].includes(kind) && can(ctx.actor, "service.decommission", scope);
  const [mayEdit, now] = [can(ctx.actor, "entity.edit", scope), ctx.now.toISOString()];
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: title }]}>
      <EntityHead
        entity={entity}
        contact={contact}
        onCall={onCall}
        links={links}
        levels={<EntityLevels levels={levels} href={entityHref(entity.ref, "scorecard")} />}
        actions={
          <EntityActions
            entity={{ ref, kind, namespace, name, title }}
            mayEdit={mayEdit}
            mayDecommission={mayDecommission}
            starred={stars.items.includes(ref)}
            hasEnded={Boolean(entity.goneAt)}
            editedElsewhere={entity.source.type === "url" || (entity.source.type === "remote" && (await repositoryOfSource(ctx, key)) === null) || !isWritableKind(kind)}
            source={entity.source.type}
          >
            <RunActionMenu actions={entity.goneAt ? [] : actions.items} query={`entity=${encodeURIComponent(ref)}`} />
            {service ? <ServiceSteps service={service} title={title} may={serviceRights(ctx.actor, service, false)} /> : null}
          </EntityActions>
        }
      />
      <div className="stack-4 mb-4 empty:hidden">
        {entity.goneAt ? (
          <GoneNotice
            entity={{ kind, namespace, name, goneAt: entity.goneAt }}
            mayKeep={mayEdit}
            receiptHref={decommission?.id ? `/decommissions/${decommission.id}` : null}
            now={now}
          />
        ) : null}
        {unconfirmedSince && !entity.goneAt ? <ConfirmNotice entity={{ kind, namespace, name }} since={unconfirmedSince} mayConfirm={mayEdit} now={now} /> : null}
      </div>
      <EntityNav base={entityHref(ref)} tabs={tabs} />
      {children}
    </Page>
  );
}
