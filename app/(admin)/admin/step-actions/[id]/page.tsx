import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { Page } from "@/components/layout/page";
import { StepActionEditor } from "@/components/step-actions/step-action-editor";
import { SwitchAction } from "@/components/step-actions/switch-action";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getDeclaredAction } from "@/lib/golden-paths/queries";

export const metadata: Metadata = { title: "Step action · Administration" };

export default async function StepActionPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSignedIn();
  const id = decodeURIComponent((await params).id);
  const crumbs = [{ label: "Step actions", href: "/admin/step-actions" }, { label: id }];
  if (!can(ctx.actor, "golden-path.edit")) {
    return (
      <Page crumbs={crumbs}>
        <PageHead title="Step action" />
        <AdminsOnly what="Step actions are declared here." />
      </Page>
    );
  }
  const action = await orNotFound(getDeclaredAction(ctx, { id }));
  return (
    <Page crumbs={crumbs}>
      <PageHead
        title={action.definition.title}
        meta={
          <>
            <span className="mono">{action.id}</span>
            <span className="badge">{action.isEnabled ? "On" : "Off"}</span>
            <span>{action.usedBy.length > 0 ? `Used by ${action.usedBy.join(", ")}` : "Used by no golden path"}</span>
          </>
        }
        actions={<SwitchAction action={action} />}
      />
      <StepActionEditor key={action.revision} action={action} />
    </Page>
  );
}
