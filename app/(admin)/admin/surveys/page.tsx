import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { ChangesEditor } from "@/components/surveys/changes-editor";
import { OpenSurveyButton } from "@/components/surveys/open-survey";
import { QuestionsPreview } from "@/components/surveys/questions-preview";
import { ScheduleForm } from "@/components/surveys/schedule-form";
import { SmallestGroupForm } from "@/components/surveys/smallest-group-form";
import { SurveysTable } from "@/components/surveys/surveys-table";
import { LinkButton } from "@/components/ui/button";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listChanges, listChangeTargets, listSurveys, surveySchedule } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Surveys" };

export default async function SurveysAdminPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "survey.manage")) {
    return (
      <Page crumbs={[{ label: "Surveys" }]}>
        <PageHead title="Surveys" />
        <AdminsOnly what="Here the platform team opens and closes surveys." />
      </Page>
    );
  }
  const [surveys, schedule, changes, targets] = await Promise.all([listSurveys(ctx, { limit: 100 }), surveySchedule(ctx, {}), listChanges(ctx, {}), listChangeTargets(ctx, {})]);
  const open = surveys.items.find((survey) => survey.state === "open") ?? null;
  return (
    <Page crumbs={[{ label: "Surveys" }]}>
      <PageHead
        title="Surveys"
        sub={`${schedule.audience}, open for ${schedule.windowDays} days. Results are published once, at closing, for groups of ${schedule.k} or more.`}
        actions={<OpenSurveyButton open={open?.title ?? null} />}
      />
      <div className="with-rail">
        <div className="stack-8">
          <SurveysTable surveys={surveys.items.filter((survey) => survey.state !== "scheduled")} />
          <QuestionsPreview questions={schedule.questions} translations={schedule.translations} title={schedule.title} k={schedule.k}>
            <LinkButton href="/admin/surveys/form" size="sm">
              Edit survey
            </LinkButton>
          </QuestionsPreview>
        </div>
        <aside className="stack-8">
          <section>
            <SectionHead title="Schedule" />
            <ScheduleForm day={schedule.day} next={schedule.next} />
          </section>
          <section>
            <SectionHead title="Smallest group" />
            <SmallestGroupForm k={schedule.k} />
          </section>
          <ChangesEditor changes={changes.items} targets={targets.items} />
        </aside>
      </div>
    </Page>
  );
}
