import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { GithubPanel } from "@/components/admin/github-panel";
import { Page } from "@/components/layout/page";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readGithubIntegration } from "@/lib/platform/queries";

export const metadata: Metadata = { title: "Integrations" };

export default async function IntegrationsPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "integration.read")) {
    return (
      <Page crumbs={[{ label: "Integrations" }]}>
        <AdminsOnly what="Here the platform is connected to outside systems such as GitHub." />
      </Page>
    );
  }
  const github = await readGithubIntegration(ctx, {});
  return (
    <Page crumbs={[{ label: "Integrations" }]}>
      <PageHead title="Integrations" sub="Outside systems that Waymark works with. None of them is required." />
      <section className="form">
        <SectionHead title="GitHub" />
        <GithubPanel github={github} />
      </section>
    </Page>
  );
}
