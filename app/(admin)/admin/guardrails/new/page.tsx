import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { GuardrailEditor } from "@/components/guardrails/editor/guardrail-editor";
import { Page } from "@/components/layout/page";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "New guardrail · Administration" };

export default async function NewGuardrailPage() {
  const ctx = await requireSignedIn();
  return (
    <Page crumbs={[{ label: "Guardrails", href: "/admin/guardrails" }, { label: "New guardrail" }]}>
      <PageHead title="New guardrail" sub="See what it would have said before anybody notices it." />
      {can(ctx.actor, "guardrail.edit") ? <GuardrailEditor guardrail={null} /> : <AdminsOnly what="Guardrails are made here." />}
    </Page>
  );
}
