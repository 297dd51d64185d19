import type { Metadata } from "next";
import { ActionsList } from "@/components/actions/actions-list";
import { Page } from "@/components/layout/page";
import { TARGET_KINDS } from "@/lib/actions/contract";
import { listActions } from "@/lib/actions/queries";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "Actions" };

type Params = Record<string, string | string[] | undefined>;

export default async function ActionsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const ctx = await requireSignedIn();
  const params = await searchParams;
  const kind = pick(params.kind, TARGET_KINDS);
  const q = typeof params.q === "string" ? params.q.slice(0, 100) : undefined;
  const about = {
    ...(typeof params.entity === "string" ? { entityRef: params.entity.slice(0, 200) } : {}),
    ...(typeof params.environment === "string" ? { environment: params.environment.slice(0, 64) } : {}),
  };
  const [all, shown] = await Promise.all([listActions(ctx, about), listActions(ctx, { ...about, ...(kind ? { kind } : {}), ...(q ? { q } : {}) })]);
  const kept = new URLSearchParams(["entity", "environment"].flatMap((name) => (typeof params[name] === "string" ? [[name, String(params[name])]] : []))).toString();
  return (
    <Page crumbs={[{ label: "Actions" }]}>
      <ActionsList items={shown.items} total={all.total} filtered={Boolean(kind || q)} context={kept ? `?${kept}` : ""} />
    </Page>
  );
}
