import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { SurveyForm } from "@/components/surveys/survey-form";
import { NoSurvey, NotInvited, Thanks } from "@/components/surveys/survey-states";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { day } from "@/lib/core/format";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { duration } from "@/lib/surveys/items";
import { getOpenSurvey, listChanges, listSurveys } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Survey" };

export default async function SurveyPage() {
  const ctx = await requireSignedIn();
  const survey = await getOpenSurvey(ctx, {});
  const changes = survey?.mine === "invited" ? null : await listChanges(ctx, {});
  const next = survey ? null : ((await listSurveys(ctx, { state: "scheduled", limit: 1 })).items[0] ?? null);
  const name = survey ? `${survey.title} survey` : "Survey";
  const sub =
    survey?.mine === "invited"
      ? `${survey.questions.length} questions, ${duration(survey.questions)}. Open until ${day(survey.closesAt, true)}.`
      : "Every month to everybody, confidential.";
  return (
    <Page crumbs={survey ? [{ label: "Survey", href: "/survey/results" }, { label: survey.title }] : [{ label: "Survey" }]}>
      <PageHead title={name} sub={sub} actions={<LinkButton href="/survey/results">Results</LinkButton>} />
      {survey?.mine === "invited" ? <SurveyForm survey={survey} /> : null}
      {survey?.mine === "answered" ? <Thanks survey={survey} changes={changes?.items ?? []} /> : null}
      {survey?.mine === "not-invited" ? <NotInvited survey={survey} changes={changes?.items ?? []} /> : null}
      {survey ? null : <NoSurvey next={next?.opensAt ?? null} changes={changes?.items ?? []} />}
    </Page>
  );
}
