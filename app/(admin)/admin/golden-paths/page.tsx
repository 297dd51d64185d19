import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { AdminPathsTable } from "@/components/golden-paths/admin-paths-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listAdminPaths } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Golden paths, administration" };

export default async function AdminGoldenPathsPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="Golden paths are changed here." />
      </Page>
    );
  }
  const { items } = await listAdminPaths(ctx, {});
  return (
    <Page crumbs={[{ label: "Golden paths" }]}>
      <PageHead
        title="Golden paths"
        sub="What people can make, how often they do, and what is being changed. Demo history does not count."
        actions={
          <LinkButton href="/admin/golden-paths/new" variant="primary">
            New golden path
          </LinkButton>
        }
      />
      <AdminPathsTable paths={items} now={ctx.now.toISOString()} />
    </Page>
  );
}
