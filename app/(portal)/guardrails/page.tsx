import type { Metadata } from "next";
import { GuardrailsTable } from "@/components/guardrails/guardrails-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHead } from "@/components/ui/page-head";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listGuardrails } from "@/lib/guardrails/queries";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage() {
  const ctx = await requireSignedIn();
  const { items } = await listGuardrails(ctx, {});
  const mayEdit = can(ctx.actor, "guardrail.edit");
  const empty = (
    <Empty title="No guardrails" action={mayEdit ? <LinkButton href="/admin/guardrails/new">New guardrail</LinkButton> : null}>
      Nothing is minded beyond permissions and quotas. A guardrail says what must hold for a request, and how to keep within it.
    </Empty>
  );
  return (
    <Page crumbs={[{ label: "Guardrails" }]}>
      <PageHead
        title="Guardrails"
        sub="What the platform minds, and why. They speak while you type; nobody has to approve anything."
        actions={
          <>
            <LinkButton href="/guardrails/requests">Requests</LinkButton>
            {mayEdit ? <LinkButton href="/admin/guardrails">Edit guardrails</LinkButton> : null}
          </>
        }
      />
      <GuardrailsTable items={items} empty={empty} />
    </Page>
  );
}
