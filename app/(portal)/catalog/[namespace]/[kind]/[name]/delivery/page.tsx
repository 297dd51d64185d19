import { AddMeasure } from "@/components/delivery/add-measure";
import { readAddress } from "@/components/delivery/address";
import { AnnotationsList } from "@/components/delivery/annotations-list";
import { ROWS_PER_PAGE } from "@/components/delivery/behind";
import { DeliveryView, metricShown, selectedPoint } from "@/components/delivery/delivery-view";
import { IncidentsSection } from "@/components/delivery/incidents-section";
import { Link } from "@/components/ui/link";
import { entityHref } from "@/lib/catalog/contract";
import { entityScope, getEntityHead } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getDashboard, listDeployments, listIncidents, listMetricRows } from "@/lib/metrics/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Lead time, frequency and incidents of one service, with the same parts as the delivery page. */
export default async function EntityDeliveryPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const key = await params;
  const ref = `${key.kind}:${key.namespace}/${key.name}`.toLowerCase();
  const address = readAddress(entityHref(ref, "delivery"), await searchParams);
  const scope = await orNotFound(entityScope(ctx, key));
  const [{ entity }, incidents, deployments] = await Promise.all([
    orNotFound(getEntityHead(ctx, key)),
    listIncidents(ctx, { service: ref, limit: 50 }),
    listDeployments(ctx, { service: ref, tier: "production", status: "success", limit: 20 }),
  ]);
  const hasEnded = Boolean(entity.goneAt);
  const section = (
    <IncidentsSection
      service={ref}
      incidents={incidents.items}
      total={incidents.total}
      deployments={deployments.items.map(({ id, commit, finished_at: finishedAt }) => ({ id, commit, finishedAt }))}
      timeZone={env().timeZone}
      mayResolve={can(ctx.actor, "incident.resolve", scope)}
      mayDeclare={!hasEnded && can(ctx.actor, "incident.declare", scope)}
      hasEnded={hasEnded}
    />
  );
  // Figures of a service are for its team and their managers; its incidents are everybody's.
  if (!can(ctx.actor, scope.teamId ? "metric.read" : "metric.read-organisation", scope)) {
    return (
      <div className="stack-8">
        <div className="panel panel-body muted">
          Lead time and frequency of a service are for its team and their managers. The figures of the whole organisation are under Delivery.
        </div>
        {section}
      </div>
    );
  }
  const dashboard = await orNotFound(
    getDashboard(ctx, {
      node: ref,
      span: address.span,
      grain: address.by,
      ...(address.data ? { data: address.data } : {}),
      ...(address.measures ? { measures: address.measures } : {}),
    }),
  );
  const point = selectedPoint(dashboard, address);
  if (!point) return section;
  const { window } = dashboard.leadTime;
  const rows = await listMetricRows(ctx, {
    metric: metricShown(dashboard, address).metric,
    node: ref,
    data: dashboard.data,
    from: [point.from, window.from].sort()[1],
    to: point.to,
    sort: address.sort,
    limit: ROWS_PER_PAGE,
    offset: (address.page - 1) * ROWS_PER_PAGE,
  });
  return (
    <div className="stack-8">
      <div>
        <DeliveryView
          dashboard={dashboard}
          rows={rows}
          point={point}
          address={address}
          choices={[]}
          annotations={<AnnotationsList annotations={dashboard.annotations} group={null} mayEdit={can(ctx.actor, "delivery-annotation.edit")} />}
          addMeasure={<AddMeasure chosen={dashboard.measures} address={address} team={null} />}
        />
      </div>
      {!hasEnded && can(ctx.actor, "event.ingest", scope) ? (
        <p className="muted">
          Was it deployed before Waymark knew of it?{" "}
          <Link className="link" href={`/delivery/history?service=${encodeURIComponent(ref)}`}>
            Load history
          </Link>
        </p>
      ) : null}
      {section}
    </div>
  );
}
