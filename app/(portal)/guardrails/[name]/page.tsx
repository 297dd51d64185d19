import type { Metadata } from "next";
import { GuardrailDetail } from "@/components/guardrails/guardrail-detail";
import { EffectBadge } from "@/components/guardrails/guardrails-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getGuardrail } from "@/lib/guardrails/queries";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { definition } = await orNotFound(getGuardrail(await requireSignedIn(), await params));
  return { title: `${definition.title} · Guardrails` };
}

export default async function GuardrailPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const guardrail = await orNotFound(getGuardrail(ctx, await params));
  const mayEdit = can(ctx.actor, "guardrail.edit");
  const { title, effect } = guardrail.definition;
  return (
    <Page crumbs={[{ label: "Guardrails", href: "/guardrails" }, { label: title }]}>
      <PageHead
        title={title}
        meta={
          <>
            <EffectBadge effect={effect} />
            <span className="mono">{guardrail.name}</span>
          </>
        }
        actions={
          <>
            <LinkButton href={`/guardrails/requests?guardrail=${guardrail.name}`}>Requests it spoke about</LinkButton>
            {mayEdit ? <LinkButton href={`/admin/guardrails/${guardrail.name}`}>Edit guardrail</LinkButton> : null}
          </>
        }
      />
      <GuardrailDetail guardrail={guardrail} now={ctx.now.toISOString()} mayEdit={mayEdit} />
    </Page>
  );
}
