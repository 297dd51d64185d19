import type { Metadata } from "next";
import { ConfirmationView } from "@/components/agents/confirmation-view";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { getConfirmation } from "@/lib/agents/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await orNotFound(getConfirmation(await requireSignedIn(), await params));
  return { title: `Confirm: ${title.toLowerCase()}` };
}

export default async function ConfirmationPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const confirmation = await orNotFound(getConfirmation(ctx, await params));
  return (
    <Page crumbs={[{ label: "Confirmation" }]}>
      <PageHead title={`${confirmation.title}?`} sub={`${confirmation.client} asks. Only you can answer, here.`} />
      <ConfirmationView confirmation={confirmation} now={ctx.now.toISOString()} />
    </Page>
  );
}
