import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { FeedbackDetail } from "@/components/surveys/feedback-detail";
import { FeedbackTable } from "@/components/surveys/feedback-table";
import { FilterBar } from "@/components/ui/filter-bar";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { FEEDBACK_STATES } from "@/lib/surveys/contract";
import { getFeedback, listFeedback } from "@/lib/surveys/queries";

export const metadata: Metadata = { title: "Feedback" };

export default async function FeedbackInboxPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "feedback.answer")) {
    return (
      <Page crumbs={[{ label: "Feedback" }]}>
        <PageHead title="Feedback" />
        <AdminsOnly what="Here the platform team reads and answers what people tell it." />
      </Page>
    );
  }
  const params = await searchParams;
  const state = pick(params.state, FEEDBACK_STATES);
  const cursor = text(params.cursor);
  const selected = text(params.message);
  const [page, message] = await Promise.all([listFeedback(ctx, { state, cursor }), selected ? orNotFound(getFeedback(ctx, { id: selected })) : null]);
  const link = (change: Record<string, string | null>) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ state: state ?? null, cursor: cursor ?? null, ...change })) if (value) next.set(name, value);
    return `/admin/feedback${next.size ? `?${next}` : ""}`;
  };
  return (
    <Page crumbs={[{ label: "Feedback" }]}>
      <PageHead title="Feedback" sub="What people tell the platform team, under their names. Every answer goes back to who wrote." />
      <FilterBar
        choices={[
          {
            name: "state",
            label: "State",
            options: [
              { value: "open", label: "Waits for an answer" },
              { value: "answered", label: "Answered" },
            ],
          },
        ]}
        count={`${page.items.length} of ${page.total}`}
      />
      <div className={message ? "audit" : undefined}>
        <FeedbackTable
          items={page.items}
          now={ctx.now.toISOString()}
          selected={message?.id ?? null}
          hrefs={Object.fromEntries(page.items.map(({ id }) => [id, link({ message: id })]))}
          filtered={Boolean(state)}
          total={page.total}
          olderHref={page.nextCursor ? link({ cursor: page.nextCursor }) : null}
        />
        {message ? <FeedbackDetail key={message.id} message={message} now={ctx.now.toISOString()} closeHref={link({})} /> : null}
      </div>
    </Page>
  );
}
