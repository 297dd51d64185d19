import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { Confidentiality } from "@/components/surveys/confidentiality";
import { PageHead } from "@/components/ui/page-head";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { surveyRules } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "How confidentiality works" };

export default async function ConfidentialityPage() {
  const ctx = await requireSignedIn();
  const { k } = await surveyRules(ctx, {});
  return (
    <Page crumbs={[{ label: "Survey", href: "/survey" }, { label: "How confidentiality works" }]}>
      <PageHead title="How confidentiality works" sub="What the survey stores, what it shows, and what somebody with full access to the server could still try." />
      <Confidentiality k={k} />
    </Page>
  );
}
