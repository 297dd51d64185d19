import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { NewPathForm } from "@/components/golden-paths/new-path-form";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "New golden path" };

export default async function NewGoldenPathPage() {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={[{ label: "Golden paths" }]}>
        <AdminsOnly what="Golden paths are changed here." />
      </Page>
    );
  }
  return (
    <Page crumbs={[{ label: "Golden paths", href: "/admin/golden-paths" }, { label: "New" }]}>
      <PageHead title="New golden path" sub="A draft nobody else sees until you publish it." />
      <NewPathForm />
    </Page>
  );
}
