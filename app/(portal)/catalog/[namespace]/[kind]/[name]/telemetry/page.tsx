import { readView, startOf, viewHref } from "@/components/telemetry/addresses";
import { ConnectHelp } from "@/components/telemetry/connect-help";
import { TelemetryPanels } from "@/components/telemetry/telemetry-panels";
import { LinkButton } from "@/components/ui/button";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { Empty } from "@/components/ui/empty";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { entityHref } from "@/lib/catalog/contract";
import { getEntityHead } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listServiceDeployments } from "@/lib/environments/queries";
import type { TelemetrySource } from "@/lib/telemetry/contract";
import { getTelemetrySummary, listTraces } from "@/lib/telemetry/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const newest = ({ lastSpanAt, lastMetricAt, lastLogAt }: TelemetrySource) =>
  [lastSpanAt, lastMetricAt, lastLogAt]
    .filter((at) => at !== null)
    .sort()
    .at(-1) ?? null;

function Senders({ sources, now }: { sources: TelemetrySource[]; now: string }) {
  return (
    <ul className="list bare">
      {sources.map((source) => {
        const at = newest(source);
        return (
          <li key={`${source.environmentId} ${source.environment}`}>
            {source.environmentId ? (
              <Link className="link" href={`/environments/${source.environmentId}?tab=telemetry`}>
                {source.environment}
              </Link>
            ) : (
              <span>{source.environment}</span>
            )}
            <span className="muted">{source.environmentId ? "runs here" : "sends from elsewhere"}</span>
            <span className="muted ml-auto">{at ? <Time at={at} now={now} /> : "nothing yet"}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** What a service's own spans say of it, summed over its environments. */
export default async function EntityTelemetryPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [{ entity }, query] = await Promise.all([orNotFound(getEntityHead(ctx, await params)), searchParams]);
  const { ref, name } = entity;
  const view = readView(query);
  const from = startOf(view, ctx.now);
  const filter = { entityRef: ref, from, ...(view.environment ? { environment: view.environment } : {}), ...(view.route ? { route: view.route } : {}) };
  const [summary, traces, deployed] = await Promise.all([
    getTelemetrySummary(ctx, filter),
    listTraces(ctx, { ...filter, limit: 12, ...(view.only ? { only: view.only } : {}), ...(view.cursor ? { cursor: view.cursor } : {}) }),
    listServiceDeployments(ctx, { entityRef: ref, status: "succeeded", limit: 50 }),
  ]);
  const base = entityHref(ref, "telemetry");
  const now = ctx.now.toISOString();
  if (summary.sources.length === 0) {
    return (
      <div className="stack-6">
        <div className="table-wrap">
          <Empty title="Not connected" action={<LinkButton href={entityHref(ref, "environments")}>Open environments</LinkButton>}>
            Nothing has sent telemetry for {entity.title} yet. An environment of it that runs here does so by itself, with its first request; a service that runs elsewhere is
            pointed here as below.
          </Empty>
        </div>
        <ConnectHelp portalUrl={env().url} service={name} />
      </div>
    );
  }
  const names = [...new Set(summary.sources.map((source) => source.environment))].sort();
  const marks = deployed.items.flatMap(({ finishedAt, tier }) => (finishedAt && finishedAt >= from && (!view.environment || view.environment === tier) ? [finishedAt] : []));
  return (
    <div className="stack-6">
      <KeepFresh busy={false} />
      {names.length > 1 ? (
        <div className="overflow-x-auto">
          <ChoiceLinks
            label="Environment"
            choices={[undefined, ...names].map((environment) => ({
              label: environment ?? "All environments",
              href: viewHref(base, view, { environment }),
              current: environment === view.environment,
            }))}
          />
        </div>
      ) : null}
      <TelemetryPanels summary={summary} traces={traces} base={base} view={view} marks={marks} withEnvironment={names.length > 1} now={now} />
      <section>
        <div className="section-head">
          <h2>Who sends</h2>
        </div>
        <Senders sources={summary.sources} now={now} />
      </section>
      <ConnectHelp portalUrl={env().url} service={name} />
    </div>
  );
}
