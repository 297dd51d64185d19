import type { Metadata } from "next";
import { AdminActionsTable } from "@/components/actions/admin-actions-table";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { listActions } from "@/lib/actions/queries";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "Actions · Administration" };

export default async function AdminActionsPage() {
  const ctx = await requireSignedIn();
  const mayEdit = can(ctx.actor, "action.edit");
  return (
    <Page crumbs={[{ label: "Actions" }]}>
      <PageHead
        title="Actions"
        sub="What people can do themselves: a form, who may use it, and what it starts."
        actions={
          mayEdit ? (
            <LinkButton href="/admin/actions/new" variant="primary">
              New action
            </LinkButton>
          ) : null
        }
      />
      {mayEdit ? <AdminActionsTable items={(await listActions(ctx, { scope: "all" })).items} now={ctx.now.toISOString()} /> : <AdminsOnly what="Actions are made here." />}
    </Page>
  );
}
