import type { Metadata } from "next";
import { CreateEnvironmentForm } from "@/components/environments/create-form";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHead } from "@/components/ui/page-head";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { describeDrivers, listQuotas } from "@/lib/environments/queries";
import { listGoldenPaths } from "@/lib/golden-paths/queries";
import { readLimits } from "@/lib/platform/queries";

export const metadata: Metadata = { title: "Create environment" };

export default async function NewEnvironmentPage({ searchParams }: { searchParams: Promise<{ path?: string }> }) {
  const ctx = await requireSignedIn();
  const [{ path }, paths, quotas, limits, drivers] = await Promise.all([
    searchParams,
    listGoldenPaths(ctx, {}),
    listQuotas(ctx, {}),
    readLimits(ctx, {}),
    describeDrivers(ctx, {}),
  ]);
  const teams = ctx.actor.teams.map((team) => team.name);
  return (
    <Page crumbs={[{ label: "Environments", href: "/environments" }, { label: "Create environment" }]}>
      <PageHead title="Create environment" sub="An isolated copy with its own database, usable in seconds, that ends by itself." />
      {teams.length === 0 ? (
        <div className="table-wrap">
          <Empty title="You are in no team yet" action={<LinkButton href="/account">See my account</LinkButton>}>
            An environment belongs to a team. Ask a platform admin to add you to one; it counts at once.
          </Empty>
        </div>
      ) : (
        <CreateEnvironmentForm
          paths={paths.items}
          teams={teams}
          quotas={quotas.items}
          chosen={paths.items.some((one) => one.name === path) ? (path ?? null) : null}
          limits={limits}
          isolation={drivers.items[0]?.summary ?? "—"}
        />
      )}
    </Page>
  );
}
