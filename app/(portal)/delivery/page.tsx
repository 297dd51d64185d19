import type { Metadata } from "next";
import { AddMeasure } from "@/components/delivery/add-measure";
import { addressWith, readAddress } from "@/components/delivery/address";
import { AnnotationsList } from "@/components/delivery/annotations-list";
import { ROWS_PER_PAGE } from "@/components/delivery/behind";
import { DeliveryView, metricShown, selectedPoint } from "@/components/delivery/delivery-view";
import { NonCoreTile } from "@/components/delivery/non-core-tile";
import { NpsTile } from "@/components/delivery/nps-tile";
import { Page } from "@/components/layout/page";
import { NpsFigure } from "@/components/surveys/nps-figure";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { absoluteTime } from "@/lib/core/format";
import { orMissing, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { NON_CORE } from "@/lib/metrics/contract";
import { getDashboard, getDeliveryScope, listMetricRows } from "@/lib/metrics/queries";
import { npsMetric } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Delivery" };

export default async function DeliveryPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  const address = readAddress("/delivery", await searchParams);
  const scope = await getDeliveryScope(ctx, {});
  const group = address.node ?? scope.home;
  const ask = { span: address.span, grain: address.by, ...(address.data ? { data: address.data } : {}), ...(address.measures ? { measures: address.measures } : {}) };
  const whole = await orNotFound(getDashboard(ctx, { node: group, ...ask }));
  const dashboard = address.service ? await orNotFound(getDashboard(ctx, { node: address.service, ...ask })) : whole;
  const point = selectedPoint(dashboard, address);
  if (!point) return null;
  const { node, data, leadTime, until } = dashboard;
  const window = { node: group, from: leadTime.window.from, ...(address.data ? { data: address.data } : {}) };
  const nps = address.service ? null : await orMissing(npsMetric(ctx, window));
  const nonCore = !address.service && dashboard.measures.includes(NON_CORE) ? await orMissing(npsMetric(ctx, { metric: NON_CORE, ...window })) : null;
  const rows = await listMetricRows(ctx, {
    metric: metricShown(dashboard, address).metric,
    node: node.ref,
    data,
    from: [point.from, leadTime.window.from].sort()[1],
    to: point.to,
    sort: address.sort,
    limit: ROWS_PER_PAGE,
    offset: (address.page - 1) * ROWS_PER_PAGE,
  });
  const title = scope.groups.find((one) => one.ref === group)?.title ?? whole.node.title;
  const team = whole.node.teamId;
  const mayChoose =
    ctx.actor.type === "user" &&
    team !== null &&
    (ctx.actor.role === "platform-admin" || ctx.actor.managedTeamIds.includes(team) || ctx.actor.teams.some((one) => one.id === team && one.membership === "owner"));
  const services = whole.services.map(({ ref, name }) => ({ value: ref, label: name }));
  if (address.service && !services.some(({ value }) => value === node.ref)) services.push({ value: node.ref, label: node.title });
  const choices = [
    {
      label: "Group",
      name: "node" as const,
      value: group,
      options: scope.groups.map(({ ref, title: label, depth }) => ({ value: ref, label: `${"\u2003".repeat(depth)}${label}` })),
    },
    {
      label: "Service",
      name: "service" as const,
      value: address.service ? node.ref : "",
      options: [{ value: "", label: services.length ? `All ${services.length}` : "None yet" }, ...services],
    },
  ];
  const { children } = whole.node;
  const what = children.length ? `${title}: ${children.join(", ").toLowerCase()}.` : `${title}.`;
  const csv = new URLSearchParams({ node: node.ref, data, from: leadTime.window.from, to: leadTime.window.to, grain: address.by });
  return (
    <Page
      crumbs={[
        { label: "Delivery", href: "/delivery" },
        { label: title, ...(address.service ? { href: addressWith(address, { service: undefined }) } : {}) },
        ...(address.service ? [{ label: node.title }] : []),
      ]}
    >
      <PageHead
        title="Delivery"
        sub={`${what} ${until ? `${data === "demo" ? "Demo" : "Live"} data until ${absoluteTime(until)}.` : "No production deployment yet."}`}
        actions={
          <>
            {address.service ? null : <LinkButton href={`/delivery/report?node=${encodeURIComponent(group)}&data=${data}`}>Monthly report</LinkButton>}
            <LinkButton href={`/delivery/history${address.service ? `?service=${encodeURIComponent(address.service)}` : ""}`}>Load history</LinkButton>
            <LinkButton href={`/delivery/health?node=${encodeURIComponent(node.ref)}&data=${data}`}>Data doctor</LinkButton>
            <LinkButton href={`/api/v1/metrics/${address.metric}/export?${csv}`} external>
              Export CSV
            </LinkButton>
          </>
        }
      />
      <DeliveryView
        dashboard={dashboard}
        rows={rows}
        point={point}
        address={address}
        choices={choices}
        surveyTiles={nonCore ? <NonCoreTile figure={nonCore} /> : undefined}
        annotations={
          <AnnotationsList annotations={dashboard.annotations} group={address.service ? null : { ref: group, title }} mayEdit={can(ctx.actor, "delivery-annotation.edit")} />
        }
        addMeasure={<AddMeasure chosen={dashboard.measures} address={address} team={mayChoose ? { ref: group, title } : null} />}
        nps={address.service ? undefined : <NpsTile>{nps?.series.length ? <NpsFigure figure={nps} /> : undefined}</NpsTile>}
      />
      <p className="muted mt-6">
        How many changes say that AI wrote them or helped, and what became of them:{" "}
        <Link className="link" href={`/delivery/ai?node=${encodeURIComponent(node.ref)}&data=${data}`}>
          AI signals
        </Link>
      </p>
    </Page>
  );
}
