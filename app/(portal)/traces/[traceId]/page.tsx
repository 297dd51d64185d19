import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { LogViewer } from "@/components/runs/log-viewer";
import { milliseconds } from "@/components/telemetry/figures";
import { SpanDetail } from "@/components/telemetry/span-detail";
import { Waterfall } from "@/components/telemetry/waterfall";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { entityHref } from "@/lib/catalog/contract";
import { orNotFound } from "@/lib/core/page";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import type { Trace } from "@/lib/telemetry/contract";
import { getTrace } from "@/lib/telemetry/queries";

interface Props {
  params: Promise<{ traceId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await orNotFound(getTrace(await requireSignedIn(), await params));
  return { title: `${name} · Traces` };
}

function Senders({ services }: Pick<Trace, "services">) {
  return services.map(({ service, environment, environmentId, entityRef }) => (
    <span key={`${service} ${environmentId ?? environment}`}>
      {entityRef ? (
        <Link className="link" href={entityHref(entityRef)}>
          {service}
        </Link>
      ) : (
        service
      )}
      {" in "}
      {environmentId ? (
        <Link className="link" href={`/environments/${environmentId}?tab=telemetry`}>
          {environment}
        </Link>
      ) : (
        environment
      )}
    </span>
  ));
}

/** Where a trace belongs, for the way back. */
function placeOf({ services: [first] }: Trace) {
  if (first?.environmentId)
    return [
      { label: "Environments", href: "/environments" },
      { label: first.service, href: `/environments/${first.environmentId}?tab=telemetry` },
    ];
  return first?.entityRef
    ? [
        { label: "Catalog", href: "/catalog" },
        { label: first.service, href: entityHref(first.entityRef, "telemetry") },
      ]
    : [];
}

export default async function TracePage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [{ traceId }, query] = await Promise.all([params, searchParams]);
  const trace = await orNotFound(getTrace(ctx, { traceId }));
  const selected = trace.spans.find((span) => span.id === text(query.span)) ?? trace.spans[0];
  const lines = trace.logs.map((line, index) => ({ seq: index + 1, at: line.at, step: null, level: line.level, text: line.text }));
  return (
    <Page crumbs={[...placeOf(trace), { label: "Trace" }]}>
      <PageHead
        title={<span className="mono">{trace.name}</span>}
        meta={
          <>
            <Status value={trace.isError ? "failed" : "ok"} />
            <span>{milliseconds(trace.durationMs)}</span>
            <Time at={trace.startedAt} now={ctx.now.toISOString()} />
            <Senders services={trace.services} />
            <span className="ref">
              {trace.traceId.slice(0, 12)}… <CopyButton text={trace.traceId} label="Copy trace id" />
            </span>
          </>
        }
      />
      <div className="stack-6">
        <Waterfall trace={trace} selected={selected?.id ?? null} />
        {selected ? <SpanDetail span={selected} /> : null}
        <section>
          <SectionHead title="Log" aside="What was written during it" />
          {lines.length > 0 ? (
            <LogViewer label="Log of the trace" lines={lines} state="ended" downloadHref={`/api/v1/telemetry/traces/${trace.traceId}`} />
          ) : (
            <div className="panel panel-body muted">Nothing was written during this trace, or its lines are not kept any more. Lines from the level info on are kept for 72 h.</div>
          )}
        </section>
      </div>
    </Page>
  );
}
