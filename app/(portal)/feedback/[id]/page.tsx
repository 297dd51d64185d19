import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { FeedbackMessage } from "@/components/surveys/own-feedback";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getFeedback } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Message to the platform team" };

export default async function FeedbackPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const message = await orNotFound(getFeedback(ctx, { id }));
  return (
    <Page crumbs={[{ label: "Feedback", href: "/feedback" }, { label: "Message" }]}>
      <PageHead title="Message to the platform team" sub={`By ${message.from.name}`} />
      <div className="form">
        <FeedbackMessage message={message} now={ctx.now.toISOString()} />
      </div>
    </Page>
  );
}
