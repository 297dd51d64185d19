import type { Metadata } from "next";
import { LevelTrend } from "@/components/charts/level-trend";
import { Page } from "@/components/layout/page";
import { CampaignList } from "@/components/scorecards/campaigns/campaign-list";
import { ChecksList } from "@/components/scorecards/checks-list";
import { LevelFacts } from "@/components/scorecards/level-bar";
import { ResultsTable } from "@/components/scorecards/results-table";
import { appliesWords, distributionWords, inkShare, stepNames } from "@/components/scorecards/words";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { ListFoot } from "@/components/ui/list-foot";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { day } from "@/lib/core/format";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listTeams } from "@/lib/identity/queries";
import type { ScorecardDetail } from "@/lib/scorecards/contract";
import { getScorecard, listCampaigns, listResults } from "@/lib/scorecards/queries";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const TABS = ["entities", "checks"] as const;
const FEWEST_DAYS = 2;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await orNotFound(getScorecard(await requireSignedIn(), await params));
  return { title: `${title} · Scorecards` };
}

export default async function ScorecardPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const card = await orNotFound(getScorecard(ctx, await params));
  const query = await searchParams;
  const tab = pick(query.tab, TABS) ?? "entities";
  const now = ctx.now.toISOString();
  // An address may name a level or check that is no longer there.
  const level = pick(query.level, ["none", ...card.levels.map(({ name }) => name)]);
  const check = pick(
    query.check,
    card.checks.map(({ id }) => id),
  );
  const [{ items: campaigns }, teams] = await Promise.all([listCampaigns(ctx, { name: card.name }), listTeams(ctx, {})]);
  const campaign = pick(
    query.campaign,
    campaigns.map(({ id }) => id),
  );
  const mayEdit = can(ctx.actor, "scorecard.edit");
  const [team, q, cursor] = [text(query.team), text(query.q)?.slice(0, 100), text(query.cursor)];
  const chosen = { ...(team ? { team } : {}), ...(level ? { level } : {}), ...(check ? { check } : {}), ...(campaign ? { campaign } : {}), ...(q ? { q } : {}) };
  const link = (change: Record<string, string>) => `/scorecards/${card.name}?${new URLSearchParams({ ...chosen, ...change })}`;
  const isEntities = tab === "entities";
  const results = isEntities ? await listResults(ctx, { name: card.name, ...chosen, ...(cursor ? { cursor } : {}) }) : null;
  return (
    <Page crumbs={[{ label: "Scorecards", href: "/scorecards" }, { label: card.title }]}>
      <PageHead
        title={card.title}
        sub={card.description}
        meta={
          <>
            {card.isEnabled ? null : <span className="badge">Disabled</span>}
            <span>{appliesWords(card.appliesTo)}</span>
            <span>{card.checks.length} checks</span>
            {card.evaluatedAt ? (
              <span>
                Evaluated <Time at={card.evaluatedAt} now={now} />
              </span>
            ) : (
              <span>Being evaluated</span>
            )}
          </>
        }
        actions={mayEdit ? <LinkButton href={`/admin/scorecards/${card.name}`}>Edit scorecard</LinkButton> : null}
      />
      <div className="scorecard-top mb-6">
        <section aria-label="Levels">
          <h2 className="mb-2">
            {card.entities} {card.entities === 1 ? "entity" : "entities"}
          </h2>
          <LevelFacts levels={card.levels} distribution={card.distribution} before={card.before} current={level} href={(name) => `/scorecards/${card.name}?level=${name}`} />
        </section>
        <section aria-label="Trend">
          <h2>Entities per level</h2>
          <Trend card={card} />
        </section>
      </div>
      <CampaignList campaigns={campaigns} card={card} teams={teams.items} mayEdit={mayEdit && card.entities > 0} now={now} />
      <Tabs
        label="Scorecard"
        tight
        tabs={[
          { label: "Entities", href: `/scorecards/${card.name}`, current: isEntities, count: card.entities },
          { label: "Checks", href: `/scorecards/${card.name}?tab=checks`, current: !isEntities, count: card.checks.length },
        ]}
      />
      {results ? (
        <>
          <FilterBar
            search={{ name: "q", placeholder: "Entity by name" }}
            choices={[
              { name: "team", label: "Owner", options: teams.items.map(({ ref, title }) => ({ value: ref, label: title })) },
              { name: "level", label: "Level", options: stepNames(card.levels).map((title, index) => ({ value: card.levels[index - 1]?.name ?? "none", label: title })) },
              { name: "check", label: "Does not pass", options: card.checks.map(({ id, title }) => ({ value: id, label: title })) },
              ...(campaigns.length ? [{ name: "campaign", label: "Waited for by", options: campaigns.map(({ id, title }) => ({ value: id, label: title })) }] : []),
            ]}
            count={`${results.items.length} of ${results.total}`}
          />
          <ResultsTable
            items={results.items}
            caption={`Entities of ${card.title}`}
            now={now}
            filtered={Object.keys(chosen).length > 0}
            clearHref={`/scorecards/${card.name}`}
            empty={
              <Empty title={card.evaluatedAt ? "It applies to nothing yet" : "It is being evaluated"}>
                {card.evaluatedAt
                  ? `No entity of the catalog fits its filter: ${appliesWords(card.appliesTo).replace("Entities ", "")}. A platform admin can widen it.`
                  : "Results are here within a minute."}
              </Empty>
            }
            foot={<ListFoot shown={results.items.length} total={results.total} nextHref={results.nextCursor ? link({ cursor: results.nextCursor }) : null} nextLabel="Next" />}
          />
        </>
      ) : (
        <ChecksList card={card} open={check} now={now} />
      )}
    </Page>
  );
}

function Trend({ card }: { card: ScorecardDetail }) {
  if (card.trend.length < FEWEST_DAYS)
    return <p className="muted">The trend begins with the second day of evaluation. {card.trend.length ? `The first was ${day(card.trend[0]?.day ?? "")}.` : ""}</p>;
  const series = stepNames(card.levels).map((name, index) => ({ name, share: inkShare(index, card.levels.length) }));
  const points = card.trend.map(({ day: date, counts }) => ({ at: Date.parse(date), title: day(date), counts }));
  const [first, last] = [points[0], points.at(-1)];
  const words = (counts: number[] | undefined) => distributionWords({ levels: card.levels, distribution: counts ?? [] });
  return (
    <>
      <p className="caption">
        {first?.title} to {last?.title}, colours as in the list of levels
      </p>
      <LevelTrend series={series} points={points} label={`Entities per level. ${first?.title}: ${words(first?.counts)}. ${last?.title}: ${words(last?.counts)}.`} />
    </>
  );
}
