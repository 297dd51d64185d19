import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { EjectionsTable } from "@/components/golden-paths/services/ejections-table";
import { ServicesTable } from "@/components/golden-paths/services/services-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { KeepFresh } from "@/components/ui/keep-fresh";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listPathServices } from "@/lib/golden-paths/queries";

interface Params {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `${(await params).name}, services` };
}

export default async function PathServicesPage({ params }: Params) {
  const [ctx, { name }] = await Promise.all([requireSignedIn(), params]);
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="The services of a golden path are listed here." />
      </Page>
    );
  }
  const { current, versions, items, ejections } = await orNotFound(listPathServices(ctx, { name }));
  const behind = items.filter((one) => one.behind).length;
  const inUse = versions.filter(({ services }) => services > 0);
  return (
    <Page crumbs={[{ label: "Golden paths", href: "/admin/golden-paths" }, { label: name, href: `/admin/golden-paths/${name}` }, { label: "Services" }]}>
      <PageHead
        title={`${name}: services`}
        sub="An upgrade is a pull request that merges the new version with what the team changed."
        meta={
          <>
            <span>Current version {current}</span>
            <span>
              {behind} of {items.length} behind
            </span>
            {inUse.length > 1 ? <span>{inUse.map(({ version, services }) => `${version}: ${services}`).join(", ")}</span> : null}
          </>
        }
        actions={<LinkButton href={`/admin/golden-paths/${name}/history`}>Versions</LinkButton>}
      />
      <div className="stack-8">
        <ServicesTable path={name} items={items} current={current} />
        <section>
          <SectionHead title="What teams look after themselves" />
          <EjectionsTable ejections={ejections} now={ctx.now.toISOString()} />
        </section>
      </div>
      <KeepFresh busy={items.some(({ isBusy }) => isBusy)} />
    </Page>
  );
}
