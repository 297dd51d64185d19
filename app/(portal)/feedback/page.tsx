import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { OwnFeedback } from "@/components/surveys/own-feedback";
import { PageHead } from "@/components/ui/page-head";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listOwnFeedback } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "What I told the platform team" };

export default async function OwnFeedbackPage() {
  const ctx = await requireSignedIn();
  const { items } = await listOwnFeedback(ctx, { limit: 100 });
  return (
    <Page crumbs={[{ label: "Feedback" }]}>
      <PageHead title="What I told the platform team" sub="Your messages and the answers. Write a new one with the button in the top bar, from any page." />
      <OwnFeedback items={items} now={ctx.now.toISOString()} />
    </Page>
  );
}
