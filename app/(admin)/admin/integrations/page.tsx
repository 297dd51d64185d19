import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { ChannelPanel } from "@/components/admin/channel-panel";
import { GithubPanel } from "@/components/admin/github-panel";
import { HostPanel } from "@/components/admin/host-panel";
import { OpaPanel } from "@/components/admin/opa-panel";
import { Page } from "@/components/layout/page";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readOpaIntegration } from "@/lib/guardrails/queries";
import { HOST_WORDS } from "@/lib/hosts/contract";
import { listChannels } from "@/lib/notifications/queries";
import { listHosts, readGithubIntegration } from "@/lib/platform/queries";

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
  const [github, hosts, channels, opa] = await Promise.all([readGithubIntegration(ctx, {}), listHosts(ctx, {}), listChannels(ctx, {}), readOpaIntegration(ctx, {})]);
  return (
    <Page crumbs={[{ label: "Integrations" }]}>
      <PageHead title="Integrations" sub="Outside systems that Waymark works with. None of them is required." />
      <section className="form">
        <SectionHead title="GitHub" />
        <GithubPanel github={github} />
      </section>
      {hosts.items.map((host) => (
        <section key={host.kind} className="form mt-8">
          <SectionHead title={HOST_WORDS[host.kind].title} />
          <HostPanel host={host} />
        </section>
      ))}
      {channels.items.map((state) => (
        <section key={state.channel} className="form mt-8">
          <SectionHead title={state.channel === "email" ? "Mail" : "Chat"} />
          <ChannelPanel state={state} />
        </section>
      ))}
      <section className="form mt-8">
        <SectionHead title="Open Policy Agent" />
        <OpaPanel opa={opa} />
      </section>
    </Page>
  );
}
