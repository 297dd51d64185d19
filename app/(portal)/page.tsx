import type { Metadata } from "next";
import { EnvironmentsTable } from "@/components/environments/environments-table";
import { Adoption } from "@/components/home/adoption";
import { FirstSteps } from "@/components/home/first-steps";
import { ManagerTeams, type TeamFigures } from "@/components/home/manager-teams";
import { MyServices, type ServiceLine } from "@/components/home/my-services";
import { NeedsYou, needsYou } from "@/components/home/needs-you";
import { Part } from "@/components/home/part";
import { PlatformWatch } from "@/components/home/platform-watch";
import { RecentRuns, StartSomething } from "@/components/home/rails";
import { Starred } from "@/components/home/starred";
import { SurveyProgress } from "@/components/home/survey-progress";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { listConfirmations } from "@/lib/agents/queries";
import { entityHref, refName } from "@/lib/catalog/contract";
import { listEntities } from "@/lib/catalog/queries";
import { dateFormat } from "@/lib/core/date-format";
import { span } from "@/lib/core/format";
import { orMissing } from "@/lib/core/page";
import { requireSignedIn, type SignedInCtx } from "@/lib/core/session-ctx";
import { listEnvironments } from "@/lib/environments/queries";
import { listGoldenPaths } from "@/lib/golden-paths/queries";
import { getTeam, listMembers, listTeams } from "@/lib/identity/queries";
import { getMetric, listDeployments } from "@/lib/metrics/queries";
import { listRepositories } from "@/lib/repositories/queries";
import { listRuns } from "@/lib/runs/queries";
import { listDrops, listOwnCampaigns } from "@/lib/scorecards/queries";
import { getOpenSurvey, listFeedback, npsMetric } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Home" };

const DAY_MS = 86_400_000;
const FIGURES_DAYS = 90;
const SERVICES_SHOWN = 8;

export default async function HomePage() {
  const ctx = await requireSignedIn();
  const isAdmin = ctx.actor.role === "platform-admin";
  const manages = ctx.actor.managedTeamIds.length > 0;
  const [mine, paths, runs, failed, survey, teams, watched, adoption, services, starred, drops, campaigns, confirmations] = await Promise.all([
    orMissing(listEnvironments(ctx, { scope: "mine", limit: 20 })),
    orMissing(listGoldenPaths(ctx, {})),
    orMissing(listRuns(ctx, { scope: isAdmin ? "all" : "mine", limit: 5 })),
    orMissing(listRuns(ctx, { scope: "mine", status: "failed", limit: 5 })),
    orMissing(getOpenSurvey(ctx, {})),
    manages ? orMissing(managedTeams(ctx)) : null,
    isAdmin ? orMissing(platformWatch(ctx)) : null,
    isAdmin ? orMissing(adoptionOf(ctx)) : null,
    orMissing(servicesOf(ctx)),
    orMissing(listEntities(ctx, { scope: "starred", limit: 8 })),
    orMissing(listDrops(ctx, {})),
    orMissing(listOwnCampaigns(ctx, {})),
    orMissing(listConfirmations(ctx, {})),
  ]);
  const now = ctx.now.toISOString();
  const due = survey?.isDue ? survey : null;
  const own = mine ? needsYou(mine.items, now) : [];
  const lately = (failed?.items ?? []).filter((run) => isLate(run.createdAt, ctx.now) && !own.some((one) => one.id === run.environmentId));
  const isNew = !isAdmin && !manages && ctx.actor.teams.length > 0 && mine?.total === 0 && runs?.total === 0;
  const first = isNew ? await orMissing(firstSteps(ctx)) : null;
  const day = dateFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(ctx.now);
  const teamNames = ctx.actor.teams.map((team) => team.name).join(", ");
  return (
    <Page crumbs={[{ label: "Home" }]}>
      <PageHead
        title="Home"
        sub={teamNames ? `${day}, team ${teamNames}` : day}
        actions={
          <LinkButton href="/environments/new" variant={isNew ? "default" : "primary"}>
            Create environment
          </LinkButton>
        }
      />
      <div className="with-rail">
        <div className="stack-8">
          {ctx.actor.teams.length === 0 ? <NoTeam /> : null}
          {isNew ? (
            <Part title="Your team" value={first}>
              {(value) => <FirstSteps {...value} path={paths?.items[0] ?? null} />}
            </Part>
          ) : null}
          <Part title="Needs you" count={(confirmations?.total ?? 0) + own.length + lately.length + (drops?.length ?? 0) + (campaigns?.length ?? 0) + (due ? 1 : 0)} value={mine}>
            {() => <NeedsYou confirmations={confirmations?.items ?? []} items={own} failed={lately} drops={drops ?? []} campaigns={campaigns ?? []} survey={due} now={now} />}
          </Part>
          {isAdmin ? (
            <>
              <Part title="Watch" value={watched}>
                {(value) => <PlatformWatch watched={value} now={now} />}
              </Part>
              <Part title="Adoption" value={adoption}>
                {(value) => <Adoption figures={value} />}
              </Part>
            </>
          ) : null}
          {manages ? (
            <Part title="My teams" aside={<Link href="/delivery">Delivery</Link>} value={teams}>
              {(value) => <ManagerTeams {...value} />}
            </Part>
          ) : null}
          {isNew ? null : (
            <Part title="My environments" count={mine?.total} aside={<Link href="/environments?scope=team">All of my teams</Link>} value={mine}>
              {(value) => <EnvironmentsTable items={value.items} now={now} caption="My environments" compact />}
            </Part>
          )}
          <Part title="My services" count={services?.total} aside={<Link href="/catalog">Catalog</Link>} value={services}>
            {(value) => <MyServices services={value.items} total={value.total} now={now} />}
          </Part>
        </div>
        <aside className="stack-8">
          {manages || isAdmin ? <SurveyProgress survey={survey} /> : null}
          {starred?.total ? <Starred items={starred.items} total={starred.total} /> : null}
          {paths ? <StartSomething paths={paths.items} /> : null}
          {runs ? <RecentRuns runs={runs.items} now={now} /> : null}
        </aside>
      </div>
    </Page>
  );
}

const windowOf = (ctx: SignedInCtx) => ({ from: new Date(ctx.now.getTime() - FIGURES_DAYS * DAY_MS).toISOString().slice(0, 10), grain: "month" as const });
const isLate = (at: string, now: Date) => now.getTime() - Date.parse(at) < DAY_MS;

function NoTeam() {
  return (
    <div className="table-wrap">
      <Empty title="You are in no team yet" action={<LinkButton href="/account">See what Waymark knows of you</LinkButton>}>
        Environments and services belong to teams. Ask a platform admin to add you to one, or to map a group of your company account to it; it counts at your next sign-in.
      </Empty>
    </div>
  );
}

/** Divisions and teams that the person manages, each with its three numbers; a number that fails is missing alone. */
async function managedTeams(ctx: SignedInCtx): Promise<{ teams: TeamFigures[]; data: string }> {
  const all = (await listTeams(ctx, {})).items.filter((team) => ctx.actor.managedTeamIds.includes(team.id));
  const ordered = all.filter((team) => !all.some((one) => one.name === team.parent)).flatMap((top) => [top, ...all.filter((team) => team.parent === top.name)]);
  const window = windowOf(ctx);
  const kinds = new Set<string>();
  const noted = <T extends { data: string; summary: { n: number } }>(metric: T | null): T["summary"] | null => {
    if (metric && metric.summary.n > 0) kinds.add(metric.data);
    return metric?.summary ?? null;
  };
  const teams = await Promise.all(
    ordered.map(async ({ name, title, ref }): Promise<TeamFigures> => {
      const [lead, frequency, nps] = await Promise.all([
        orMissing(getMetric(ctx, { metric: "lead-time", node: ref, ...window })),
        orMissing(getMetric(ctx, { metric: "deployment-frequency", node: ref, ...window })),
        orMissing(npsMetric(ctx, { node: ref })),
      ]);
      return { name, title, ref, isDivision: ordered.some((team) => team.parent === name), leadTime: noted(lead), frequency: noted(frequency), nps: noted(nps) };
    }),
  );
  return { teams, data: kinds.has("demo") ? (kinds.has("live") ? "Live and demo figures are never in one number." : "Demo figures.") : "" };
}

async function platformWatch(ctx: SignedInCtx) {
  const [failed, leaked, ready, feedback] = await Promise.all([
    listRuns(ctx, { scope: "all", status: "failed", limit: 20 }),
    listEnvironments(ctx, { scope: "all", status: "leaked", limit: 20 }),
    listEnvironments(ctx, { scope: "all", status: "ready", limit: 100 }),
    listFeedback(ctx, { state: "open", limit: 1 }),
  ]);
  const unhealthy = ready.items.filter((one) => one.health.state === "unhealthy" || one.health.state === "degraded");
  return { failed: failed.items.filter((run) => isLate(run.createdAt, ctx.now)), leaked: leaked.items, unhealthy, feedback };
}

async function adoptionOf(ctx: SignedInCtx) {
  const [adopted, services, environments, runs] = await Promise.all([
    getMetric(ctx, { metric: "adoption", node: "org", ...windowOf(ctx) }),
    listRepositories(ctx, { limit: 1 }),
    listEnvironments(ctx, { scope: "all", limit: 1 }),
    listRuns(ctx, { scope: "all", status: "succeeded", limit: 1 }),
  ]);
  return { services: services.total, environments: environments.total, runs: runs.total, doors: adopted.summary.doors ?? [], days: FIGURES_DAYS };
}

async function firstSteps(ctx: SignedInCtx) {
  const name = ctx.actor.teams[0]?.name ?? "";
  const [team, members] = await Promise.all([getTeam(ctx, { team: name }), listMembers(ctx, { team: name })]);
  return { team, members: members.items };
}

/** Services of the person's teams, and of those they manage, with what last reached production. */
async function servicesOf(ctx: SignedInCtx): Promise<{ items: ServiceLine[]; total: number }> {
  const managed = ctx.actor.managedTeamIds.length ? (await listTeams(ctx, {})).items.filter((team) => ctx.actor.managedTeamIds.includes(team.id)) : [];
  const owners = [...new Set([...ctx.actor.teams, ...managed].map((team) => team.ref))];
  if (owners.length === 0) return { items: [], total: 0 };
  const { items, total } = await listEntities(ctx, { kind: "component", owner: owners.join(","), limit: SERVICES_SHOWN });
  return { items: await Promise.all(items.map((one) => serviceLine(ctx, one))), total };
}

async function serviceLine(ctx: SignedInCtx, { ref, title, ownerRef, goldenPath }: Awaited<ReturnType<typeof listEntities>>["items"][number]): Promise<ServiceLine> {
  const deployed = (await orMissing(listDeployments(ctx, { service: ref, tier: "production", status: "success", limit: 1 })))?.items[0];
  const lead = deployed ? await orMissing(getMetric(ctx, { metric: "lead-time", node: ref, ...windowOf(ctx) })) : null;
  const seconds = lead?.summary.value ?? null;
  return {
    name: title,
    href: entityHref(ref),
    owner: ownerRef ? refName(ownerRef) : null,
    goldenPath: goldenPath ? `${goldenPath.name} ${goldenPath.version}` : null,
    lead: seconds === null ? null : span(seconds * 1_000),
    deployed: deployed ? { at: deployed.finished_at, commit: deployed.commit } : null,
  };
}
