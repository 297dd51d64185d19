import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { StepActionEditor } from "@/components/step-actions/step-action-editor";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "New step action · Administration" };

export default async function NewStepActionPage() {
  const ctx = await requireSignedIn();
  return (
    <Page crumbs={[{ label: "Step actions", href: "/admin/step-actions" }, { label: "New step action" }]}>
      <PageHead title="New step action" sub="Golden paths can use it as soon as it is created." />
      {can(ctx.actor, "golden-path.edit") ? <StepActionEditor action={null} /> : <AdminsOnly what="Step actions are declared here." />}
    </Page>
  );
}
