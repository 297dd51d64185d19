import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { AskMe } from "@/components/surveys/ask-me";
import { SurveyForm } from "@/components/surveys/survey-form";
import { NoSurvey, NotInvited, Thanks } from "@/components/surveys/survey-states";
import { WhatIsStored } from "@/components/surveys/what-is-stored";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { day } from "@/lib/core/format";
import { languageHints } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { duration, forReader, LANGUAGE_COOKIE, MAX_COMMENT } from "@/lib/surveys/contract";
import { getOpenSurvey, listChanges, listSurveys, surveyPreferences } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Survey" };

type Params = Promise<Record<string, string | string[] | undefined>>;

export default async function SurveyPage({ searchParams }: { searchParams: Params }) {
  const ctx = await requireSignedIn();
  const survey = await getOpenSurvey(ctx, {});
  const preferences = await surveyPreferences(ctx, {});
  const [changes, closed] = survey?.mine === "invited" ? [null, null] : await Promise.all([listChanges(ctx, {}), listSurveys(ctx, { state: "closed", limit: 1 })]);
  const [last] = closed?.items ?? [];
  const around = { changes: changes?.items ?? [], since: last ? { title: last.title, day: last.opensAt.slice(0, 10) } : null, preferences };
  const next = survey ? null : ((await listSurveys(ctx, { state: "scheduled", limit: 1 })).items[0] ?? null);
  const name = survey ? `${survey.title} survey` : "Survey";
  const sub =
    survey?.mine === "invited"
      ? `${survey.questions.length} questions, ${duration(survey.questions)}. Open until ${day(survey.closesAt, true)}.`
      : "Every month to everybody, confidential.";
  return (
    <Page crumbs={survey ? [{ label: "Survey", href: "/survey/results" }, { label: survey.title }] : [{ label: "Survey" }]}>
      <PageHead title={name} sub={sub} actions={<LinkButton href="/survey/results">Results</LinkButton>} />
      {survey?.mine === "invited" ? (
        <SurveyForm
          survey={survey.id}
          {...forReader(survey.questions, survey.translations, { address: (await searchParams).lang, ...(await languageHints(LANGUAGE_COOKIE)) })}
          mostCharacters={MAX_COMMENT}
          stored={<WhatIsStored k={survey.k} />}
        >
          <AskMe preferences={preferences} later={laterDay(survey.closesAt, ctx.now)} />
        </SurveyForm>
      ) : null}
      {survey?.mine === "answered" ? <Thanks survey={survey} {...around} /> : null}
      {survey?.mine === "not-invited" ? <NotInvited survey={survey} {...around} /> : null}
      {survey ? null : <NoSurvey next={next?.opensAt ?? null} {...around} />}
    </Page>
  );
}

const LATER_MS = 2 * 86_400_000;

/** The day after tomorrow, while the survey is open then. */
function laterDay(closesAt: string, now: Date): string | null {
  const later = new Date(now.getTime() + LATER_MS).toISOString();
  return later < closesAt ? later.slice(0, 10) : null;
}
