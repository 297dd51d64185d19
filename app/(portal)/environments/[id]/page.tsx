import type { Metadata } from "next";
import { RunActionMenu } from "@/components/actions/run-action-menu";
import { DeploySteps } from "@/components/deployments/deploy-steps";
import { DeploymentsTable } from "@/components/deployments/deployments-table";
import { TIER_WORDS } from "@/components/deployments/stages";
import { EnvironmentActions } from "@/components/environments/environment-actions";
import { EnvironmentLog } from "@/components/environments/environment-log";
import { isAtWork, shownStatus, testWords } from "@/components/environments/environments-table";
import { EnvironmentFacts, EnvironmentTop } from "@/components/environments/overview";
import { ReceiptView } from "@/components/environments/receipt-view";
import { Traffic } from "@/components/environments/traffic";
import { VariablesForm } from "@/components/environments/variables-form";
import { Page } from "@/components/layout/page";
import { RunsTable } from "@/components/runs/runs-table";
import { readView, startOf } from "@/components/telemetry/addresses";
import { TelemetryProof } from "@/components/telemetry/proof";
import { TelemetryPanels } from "@/components/telemetry/telemetry-panels";
import { LinkButton } from "@/components/ui/button";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Tabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { listActions } from "@/lib/actions/queries";
import { entityHref } from "@/lib/catalog/contract";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn, type SignedInCtx } from "@/lib/core/session-ctx";
import type { Deployment, Environment } from "@/lib/environments/contract";
import {
  checkTelemetry,
  environmentScope,
  getEnvironment,
  getReceipt,
  listDeployments,
  listServiceEnvironments,
  listVariables,
  readLogs,
  readTraffic,
} from "@/lib/environments/queries";
import { listRuns } from "@/lib/runs/queries";
import { getTelemetrySummary, listTraces } from "@/lib/telemetry/queries";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}

const TABS = ["overview", "deployments", "telemetry", "logs", "variables", "receipt", "history"] as const;
const WORDS = { overview: "Overview", deployments: "Deployments", telemetry: "Telemetry", logs: "Logs", variables: "Variables", receipt: "Receipt", history: "History" };

/** Tabs that are read again by themselves; the log has a stream of its own, and forms are left alone. */
const SELF_FRESH: (typeof TABS)[number][] = ["overview", "deployments", "telemetry", "history"];

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await orNotFound(getEnvironment(await requireSignedIn(), await params));
  return { title: `${name} · Environments` };
}

async function rights(ctx: SignedInCtx, id: string) {
  const scope = await environmentScope(ctx, { id });
  const may = (name: Parameters<typeof can>[1]) => can(ctx.actor, name, scope);
  return {
    extend: may("environment.extend"),
    restart: may("environment.restart"),
    delete: may("environment.delete"),
    variables: may("environment.edit-variables"),
    credentials: may("environment.reveal-credentials"),
    deploy: may("environment.deploy"),
  };
}

export default async function EnvironmentPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const environment = await orNotFound(getEnvironment(ctx, { id }));
  const [query, may, history, deployed, service] = await Promise.all([
    searchParams,
    rights(ctx, id),
    listRuns(ctx, { environmentId: id, limit: 20 }),
    listDeployments(ctx, { id, limit: 50 }),
    environment.entityRef ? listServiceEnvironments(ctx, { entityRef: environment.entityRef }) : null,
  ]);
  const actions = environment.status === "ready" && !environment.isDemo ? (await listActions(ctx, { environment: id })).items : [];
  const wanted = pick(query.tab, TABS) ?? "overview";
  const gone = environment.status === "deleted";
  const tabs = TABS.filter((tab) =>
    tab === "receipt"
      ? gone
      : tab === "telemetry"
        ? !environment.isDemo
        : tab === "deployments"
          ? environment.entityRef !== null
          : tab === "logs" || tab === "variables"
            ? !gone && !environment.isDemo
            : true,
  );
  const tab = tabs.includes(wanted) ? wanted : "overview";
  const now = ctx.now.toISOString();
  const failedRun = environment.status === "failed" || environment.status === "leaked" ? history.items.find((run) => run.status === "failed") : undefined;
  return (
    <Page crumbs={[{ label: "Environments", href: "/environments" }, { label: environment.name }]}>
      <PageHead
        title={environment.name}
        meta={
          <>
            <Status value={shownStatus(environment)} />
            {environment.entityRef ? (
              <span>
                {TIER_WORDS[environment.tier]} of{" "}
                <Link className="link" href={entityHref(environment.entityRef)}>
                  {environment.entityRef.split("/").at(-1)}
                </Link>
              </span>
            ) : environment.goldenPath ? (
              <span>Sandbox from {environment.goldenPath.name}</span>
            ) : environment.testOf ? (
              <span>
                {testWords(environment.testOf).replace(/^t/, "T")}
                {environment.testOf.revision === null ? "" : `, revision ${environment.testOf.revision}`}
              </span>
            ) : null}
            <span>
              Owned by {environment.ownerName}, team {environment.team.split("/").at(-1)}
            </span>
            <span>
              Created <Time at={environment.createdAt} now={now} />
            </span>
            {environment.isDemo ? <span className="badge">Demo</span> : null}
          </>
        }
        actions={
          environment.isDemo ? null : (
            <EnvironmentActions environment={environment} may={may}>
              <RunActionMenu actions={actions} query={new URLSearchParams({ environment: id, ...(environment.entityRef ? { entity: environment.entityRef } : {}) }).toString()} />
              {service && may.deploy && !gone ? <DeploySteps environment={environment} service={service} deployments={deployed.items} /> : null}
            </EnvironmentActions>
          )
        }
      />
      <Tabs
        label="Environment"
        tabs={tabs.map((one) => ({
          label: WORDS[one],
          href: `/environments/${id}${one === "overview" ? "" : `?tab=${one}`}`,
          current: one === tab,
          count: one === "history" ? history.total : one === "deployments" ? deployed.total : undefined,
        }))}
      />
      {SELF_FRESH.includes(tab) ? <KeepFresh busy={isAtWork(environment) || history.items.some((run) => run.finishedAt === null)} /> : null}
      <div className="stack-6">
        {environment.statusReason && !gone ? (
          <Notice
            tone={environment.status === "deleting" ? "info" : "danger"}
            action={
              failedRun ? (
                <LinkButton href={`/runs/${failedRun.id}`} size="sm">
                  Open run
                </LinkButton>
              ) : undefined
            }
          >
            {environment.statusReason}
          </Notice>
        ) : null}
        {environment.drift ? <Notice tone="warning">{environment.drift} The platform starts it again by itself.</Notice> : null}
        {environment.status === "ready" && environment.health.reason ? <Notice tone="warning">Last probe: {environment.health.reason}</Notice> : null}
        <TabContent tab={tab} ctx={ctx} environment={environment} may={may} now={now} history={history.items} deployed={deployed.items} query={query} />
      </div>
    </Page>
  );
}

interface ContentProps {
  tab: (typeof TABS)[number];
  ctx: SignedInCtx;
  environment: Environment;
  may: Awaited<ReturnType<typeof rights>>;
  now: string;
  history: Awaited<ReturnType<typeof listRuns>>["items"];
  deployed: Deployment[];
  query: Record<string, string | undefined>;
}

async function TabContent({ tab, ctx, environment, may, now, history, deployed, query }: ContentProps) {
  const { id } = environment;
  if (tab === "logs") {
    const page = await readLogs(ctx, { id, tail: 500 });
    return <EnvironmentLog id={id} first={page.items} nextAfter={page.nextAfter} live={environment.status === "ready"} />;
  }
  if (tab === "telemetry") return <TelemetryTab ctx={ctx} environment={environment} deployed={deployed} query={query} />;
  if (tab === "deployments") return <DeploymentsTable items={deployed} now={now} caption={`Deployments to ${environment.name}`} withEnvironment={false} />;
  if (tab === "variables") return <VariablesForm id={id} variables={(await listVariables(ctx, { id })).items} mayEdit={may.variables} />;
  if (tab === "receipt") return <ReceiptView receipt={await getReceipt(ctx, { id })} now={now} />;
  if (tab === "history") return <RunsTable items={history} now={now} caption={`Runs of ${environment.name}`} />;
  return (
    <>
      <EnvironmentTop environment={environment} now={now} may={may} serving={deployed.find((one) => one.status === "succeeded") ?? null} />
      {environment.status === "ready" ? <Traffic points={(await readTraffic(ctx, { id })).items} now={now} /> : null}
      <EnvironmentFacts environment={environment} />
    </>
  );
}

async function TelemetryTab({ ctx, environment, deployed, query }: Pick<ContentProps, "ctx" | "environment" | "deployed" | "query">) {
  const { id } = environment;
  const view = readView(query);
  const from = startOf(view, ctx.now);
  const filter = { environmentId: id, from, ...(view.route ? { route: view.route } : {}) };
  const [check, summary, traces] = await Promise.all([
    checkTelemetry(ctx, { id, test: query.test === "1" }),
    getTelemetrySummary(ctx, filter),
    listTraces(ctx, { ...filter, limit: 12, ...(view.only ? { only: view.only } : {}), ...(view.cursor ? { cursor: view.cursor } : {}) }),
  ]);
  const base = `/environments/${id}?tab=telemetry`;
  const marks = deployed.flatMap(({ status, finishedAt }) => (status === "succeeded" && finishedAt && finishedAt >= from ? [finishedAt] : []));
  const now = ctx.now.toISOString();
  return (
    <>
      <TelemetryProof check={check} source={summary.sources[0] ?? null} testHref={`${base}&test=1`} now={now} />
      <TelemetryPanels summary={summary} traces={traces} base={base} view={view} marks={marks} withEnvironment={false} now={now} />
    </>
  );
}
