import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { AdminGuardrailsTable } from "@/components/guardrails/admin-guardrails-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn, type SignedInCtx } from "@/lib/core/session-ctx";
import { countWhatRuns, listGuardrails } from "@/lib/guardrails/queries";

export const metadata: Metadata = { title: "Guardrails · Administration" };

export default async function AdminGuardrailsPage() {
  const ctx = await requireSignedIn();
  const mayEdit = can(ctx.actor, "guardrail.edit");
  return (
    <Page crumbs={[{ label: "Guardrails" }]}>
      <PageHead
        title="Guardrails"
        sub="What must hold for a request, and what to do instead. What runs already is counted and never touched."
        actions={
          mayEdit ? (
            <LinkButton href="/admin/guardrails/new" variant="primary">
              New guardrail
            </LinkButton>
          ) : null
        }
      />
      {mayEdit ? <All ctx={ctx} /> : <AdminsOnly what="Guardrails are made here." />}
    </Page>
  );
}

async function All({ ctx }: { ctx: SignedInCtx }) {
  const [{ items }, running] = await Promise.all([listGuardrails(ctx, { scope: "all" }), countWhatRuns(ctx, {})]);
  return <AdminGuardrailsTable items={items} running={running} now={ctx.now.toISOString()} />;
}
