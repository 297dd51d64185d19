import type { Metadata } from "next";
import { ActionEditor } from "@/components/actions/action-editor";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "New action · Administration" };

export default async function NewActionPage() {
  const ctx = await requireSignedIn();
  return (
    <Page crumbs={[{ label: "Actions", href: "/admin/actions" }, { label: "New action" }]}>
      <PageHead title="New action" sub="Begins as a draft: nobody can run it before it is published." />
      {can(ctx.actor, "action.edit") ? <ActionEditor action={null} /> : <AdminsOnly what="Actions are made here." />}
    </Page>
  );
}
