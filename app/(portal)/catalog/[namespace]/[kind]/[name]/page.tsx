import { About } from "@/components/catalog/about";
import { derivedLines } from "@/components/catalog/derived-lines";
import { ActivitySection } from "@/components/catalog/entity-activity";
import { ReadmeSection } from "@/components/catalog/entity-doc";
import { FindingsNotice } from "@/components/catalog/findings-notice";
import { NEEDED_BY, NEEDS, RelationList } from "@/components/catalog/relation-lists";
import { IncidentsSection } from "@/components/delivery/incidents-section";
import { serviceRights } from "@/components/deployments/service-rights";
import { LatestDeployments, WhatRunsWhere } from "@/components/deployments/service-sections";
import { PathSection } from "@/components/golden-paths/services/path-section";
import { entityHref } from "@/lib/catalog/contract";
import { entityScope, getContact, getDoc, getEntity, listActivity } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listServiceDeployments, listServiceEnvironments } from "@/lib/environments/queries";
import { readServicePath } from "@/lib/golden-paths/queries";
import { listIncidents } from "@/lib/metrics/queries";
import { listCommits, repositoryOfEntity } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

/** What an entity is, who answers for it, what it needs and who needs it. Other parts add their sections here, each one component. */
export default async function EntityOverviewPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const key = await params;
  const entity = await orNotFound(getEntity(ctx, key));
  const readme = entity.docs.find(({ path }) => /^readme\.md$/i.test(path)) ?? entity.docs[0];
  const isComponent = entity.kind === "component";
  const hasEnded = Boolean(entity.goneAt);
  const deployed = (filter: { tier?: "production"; limit: number }) => (isComponent ? listServiceDeployments(ctx, { entityRef: entity.ref, ...filter }) : null);
  const [service, latest, production, contact, activity, doc, scope, incidents, repository] = await Promise.all([
    isComponent ? listServiceEnvironments(ctx, { entityRef: entity.ref }) : null,
    deployed({ limit: 5 }),
    deployed({ tier: "production", limit: 20 }),
    entity.ownerRef ? getContact(ctx, { ref: entity.ownerRef }) : entity.kind === "group" || entity.kind === "user" ? getContact(ctx, { ref: entity.ref }) : null,
    listActivity(ctx, { ...key, limit: 5 }),
    readme ? getDoc(ctx, { ...key, path: readme.path }) : null,
    entityScope(ctx, key),
    entity.kind === "component" ? listIncidents(ctx, { service: entity.ref, limit: 3 }) : null,
    orMissing(repositoryOfEntity(ctx, key)),
  ]);
  const commits = repository?.provider === "waymark" ? await orMissing(listCommits(ctx, { owner: repository.owner, name: repository.name })) : null;
  const path = repository && entity.goldenPath && isComponent ? await orMissing(readServicePath(ctx, { service: entity.ref })) : null;
  const now = ctx.now.toISOString();
  const { ref, relations } = entity;
  const derived = derivedLines({
    entityRef: ref,
    docs: entity.docs.length,
    doc,
    repository,
    commit: commits?.items[0] ?? null,
    facts: entity.facts,
    deployed: production?.items.find(({ status }) => status === "succeeded") ?? null,
  });
  const dependencies = entityHref(ref, "dependencies");
  const isThing = ["component", "api", "resource"].includes(entity.kind);
  return (
    <div className="stack-8">
      {entity.description || entity.findings.length ? (
        <div className="stack-4">
          {entity.description ? <p className="body lead">{entity.description}</p> : null}
          <FindingsNotice findings={entity.findings} href={entityHref(ref, "definition")} />
        </div>
      ) : null}
      {service ? <WhatRunsWhere service={service} now={now} may={serviceRights(ctx.actor, service, hasEnded)} hasEnded={hasEnded} /> : null}
      <div className="with-rail">
        <div className="stack-8">
          {latest ? <LatestDeployments latest={latest.items} production={production?.items ?? []} now={now} allHref={entityHref(ref, "deployments")} /> : null}
          <RelationList title="Owns" relations={relations} types={["ownerOf"]} moreHref={`/catalog?owner=${encodeURIComponent(ref)}`} />
          <RelationList title="Parts" relations={relations} types={["hasPart"]} moreHref={dependencies} />
          {incidents ? (
            <IncidentsSection
              service={ref}
              incidents={incidents.items}
              total={incidents.total}
              deployments={[]}
              timeZone={env().timeZone}
              mayDeclare={!hasEnded && can(ctx.actor, "incident.declare", scope)}
              hasEnded={hasEnded}
              mayResolve={can(ctx.actor, "incident.resolve", scope)}
              allHref={entityHref(ref, "delivery")}
            />
          ) : null}
          {doc ? <ReadmeSection entityRef={ref} doc={doc} paths={entity.docs.map(({ path }) => path)} /> : null}
          <ActivitySection events={activity.items} now={now} allHref={entityHref(ref, "activity")} />
        </div>
        <aside className="stack-8">
          <About entity={entity} contact={contact} derived={derived} now={now} />
          {path ? (
            <PathSection service={path} may={{ upgrade: !hasEnded && can(ctx.actor, "service.upgrade", path), eject: !hasEnded && can(ctx.actor, "service.eject", path) }} />
          ) : null}
          <RelationList title="Depends on" relations={relations} types={NEEDS} moreHref={dependencies} {...(isThing ? { none: "Nothing that is declared." } : {})} />
          <RelationList title="Used by" relations={relations} types={NEEDED_BY} moreHref={dependencies} {...(isThing ? { none: "Nothing that is declared." } : {})} />
          <RelationList title="APIs" relations={relations} types={["providesApi", "apiProvidedBy"]} moreHref={dependencies} />
          <RelationList title="Teams" relations={relations} types={["childOf", "parentOf", "memberOf"]} />
          <RelationList title="People" relations={relations} types={["hasMember"]} />
        </aside>
      </div>
    </div>
  );
}
