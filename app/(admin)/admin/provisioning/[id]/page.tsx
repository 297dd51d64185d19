import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { ConnectionView } from "@/components/provisioning/connection-view";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getConnection } from "@/lib/identity/queries";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export const metadata: Metadata = { title: "Connection · Provisioning" };

export default async function ConnectionPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const list = { label: "Provisioning", href: "/admin/provisioning" };
  if (!can(ctx.actor, "provisioning.read")) {
    return (
      <Page crumbs={[list]}>
        <PageHead title="Connection" />
        <AdminsOnly what="Here identity providers are allowed to push people and groups." />
      </Page>
    );
  }
  const connection = await orNotFound(getConnection(ctx, await params));
  const since = text((await searchParams).since);
  return (
    <Page crumbs={[list, { label: connection.name }]}>
      <ConnectionView connection={connection} since={since && /^\d{1,12}$/.test(since) ? Number(since) : null} now={ctx.now.toISOString()} />
    </Page>
  );
}
