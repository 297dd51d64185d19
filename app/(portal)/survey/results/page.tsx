import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { ChangesList } from "@/components/surveys/changes-list";
import { CommentsView } from "@/components/surveys/comments-view";
import { GroupTable } from "@/components/surveys/group-table";
import { ItemTrend } from "@/components/surveys/item-trend";
import { OneTapResults } from "@/components/surveys/one-tap-results";
import { OtherAnswers } from "@/components/surveys/other-answers";
import { ResultsSummary } from "@/components/surveys/results-summary";
import { SurveyPicker } from "@/components/surveys/survey-picker";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { day } from "@/lib/core/format";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getResults, itemHistory, listChanges, listSurveys, npsMetric, oneTapResults, resultKinds } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Developer NPS" };

/** A little over twelve months, so that the twelfth survey is in it on every day of the month. */
const TREND_MS = 400 * 86_400_000;

type Params = Promise<Record<string, string | string[] | undefined>>;

export default async function ResultsPage({ searchParams }: { searchParams: Params }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const kinds = await resultKinds(ctx, {});
  const data = pick(params.data, ["live", "demo"] as const) ?? (kinds.live ? "live" : "demo");
  const [closed, changes] = await Promise.all([listSurveys(ctx, { state: "closed", data, limit: 36 }), listChanges(ctx, {})]);
  const wanted = text(params.survey);
  const chosen = wanted ?? closed.items[0]?.id;
  if (!chosen) return <NothingYet both={kinds.live && kinds.demo} />;
  const { survey, groups, comments } = await orNotFound(getResults(ctx, { id: chosen }));
  const group = groups.find(({ node }) => node.id === text(params.node)) ?? groups[0];
  if (!group) return <NothingYet both={false} />;
  const asked = { node: group.node.ref ?? "org", data: survey.isDemo ? ("demo" as const) : ("live" as const), from: new Date(ctx.now.getTime() - TREND_MS).toISOString() };
  const ofGroup = { node: asked.node, data: asked.data };
  const [trend, oneTap, months] = await Promise.all([npsMetric(ctx, asked), oneTapResults(ctx, ofGroup), itemHistory(ctx, ofGroup)]);
  const href = (node: string) => `/survey/results?${new URLSearchParams({ survey: survey.id, data: survey.isDemo ? "demo" : "live", node })}`;
  return (
    <Page crumbs={[{ label: "Survey", href: "/survey" }, { label: "Results", href: "/survey/results" }, { label: survey.title }]}>
      <PageHead
        title="Developer NPS"
        sub={`${survey.title} survey, closed ${day(survey.closedAt ?? survey.closesAt, true)}. Published once for groups of ${survey.k} or more, does not change.${survey.isDemo ? " Demo answers, not from your people." : ""}`}
        actions={
          <>
            <SurveyPicker surveys={closed.items.map(({ id, title }) => ({ id, title }))} current={survey.id} data={survey.isDemo ? "demo" : "live"} kinds={kinds} />
            <a className="btn" href={`/api/v1/surveys/${survey.id}/results/export`} download>
              Export CSV
            </a>
          </>
        }
      />
      <div className="stack-8">
        <ResultsSummary group={group} trend={trend} changes={changes.items} survey={survey.id} asTable={params.view === "table"} href={href(group.node.id)} />
        <div className="with-rail">
          <section>
            <SectionHead title="By group" aside={`As the organisation stood on ${day(survey.opensAt)}`} />
            <GroupTable groups={groups} selected={group.node.id} href={href} total={`${groups.length} ${groups.length === 1 ? "group" : "groups"} that you may see`} />
          </section>
          <aside>
            <ChangesList changes={changes.items.slice(0, 5)} />
          </aside>
        </div>
        <OtherAnswers group={group} questions={survey.questions} />
        <ItemTrend months={months.items} group={group.node.title} />
        <OneTapResults months={oneTap.items} group={group.node.title} />
        <CommentsView comments={comments} questions={survey.questions} survey={survey.id} k={survey.k} mayTag={can(ctx.actor, "survey.manage")} />
      </div>
    </Page>
  );
}

function NothingYet({ both }: { both: boolean }) {
  return (
    <Page crumbs={[{ label: "Survey", href: "/survey" }, { label: "Results" }]}>
      <PageHead title="Developer NPS" sub="Results of the monthly survey, published when it closes." />
      <div className="table-wrap">
        <Empty title="No survey has closed yet" action={<LinkButton href={both ? "/survey/results" : "/survey"}>{both ? "See all results" : "Open the survey"}</LinkButton>}>
          The score, its interval and how many answered appear here when the first survey closes.
        </Empty>
      </div>
    </Page>
  );
}
