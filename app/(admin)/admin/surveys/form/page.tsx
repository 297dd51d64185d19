import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { FormEditor } from "@/components/surveys/editor/form-editor";
import { FormVersions } from "@/components/surveys/editor/form-versions";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listTeams } from "@/lib/identity/queries";
import { surveyForm, surveySchedule } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Edit the survey" };

const CRUMBS = [{ label: "Surveys", href: "/admin/surveys" }, { label: "Edit" }];

export default async function SurveyFormPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "survey.manage")) {
    return (
      <Page crumbs={CRUMBS}>
        <AdminsOnly what="Here the platform team chooses what the survey asks." />
      </Page>
    );
  }
  const [form, schedule, teams] = await Promise.all([surveyForm(ctx, {}), surveySchedule(ctx, {}), listTeams(ctx, { limit: 500 })]);
  const { version, items, calendar, translations, audience, windowDays, oneTap, versions } = form;
  return (
    <Page crumbs={CRUMBS}>
      <PageHead title="Edit the survey" sub="What the next survey asks, in which languages, whom and how long. A survey that is open keeps its questions, people and teams." />
      <div className="with-rail">
        <FormEditor
          key={version}
          form={{ version, items, calendar, translations, audience, windowDays, oneTap }}
          period={schedule.period}
          k={schedule.k}
          teams={teams.items.map(({ ref, title }) => ({ ref, title }))}
        />
        <aside>
          <FormVersions versions={versions} now={ctx.now.toISOString()} />
        </aside>
      </div>
    </Page>
  );
}
