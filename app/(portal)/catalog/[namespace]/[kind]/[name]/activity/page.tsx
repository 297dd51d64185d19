import { ActivityList, NoActivity } from "@/components/catalog/entity-activity";
import { listActivity } from "@/lib/catalog/queries";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

export default async function EntityActivityPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const { items } = await listActivity(ctx, { ...(await params), limit: 200 });
  return items.length ? <ActivityList events={items} now={ctx.now.toISOString()} /> : <NoActivity />;
}
