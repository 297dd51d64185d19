import type { Metadata } from "next";
import { AdminsOnly } from "@/components/admin/admins-only";
import { GuardrailEditor } from "@/components/guardrails/editor/guardrail-editor";
import { ExceptionsList } from "@/components/guardrails/exceptions-list";
import { GrantException } from "@/components/guardrails/grant-exception";
import { GuardrailSwitches } from "@/components/guardrails/guardrail-switches";
import { EffectBadge } from "@/components/guardrails/guardrails-table";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { RevisionsTable } from "@/components/ui/revisions-table";
import { Tabs } from "@/components/ui/tabs";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { EFFECT_WORDS, type GuardrailForEdit } from "@/lib/guardrails/contract";
import { getGuardrailForEdit } from "@/lib/guardrails/queries";
import { listTeams } from "@/lib/identity/queries";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const TABS = ["edit", "exceptions", "history"] as const;

export const metadata: Metadata = { title: "Edit guardrail · Administration" };

export default async function AdminGuardrailPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  if (!can(ctx.actor, "guardrail.edit"))
    return (
      <Page crumbs={[{ label: "Guardrails", href: "/admin/guardrails" }]}>
        <PageHead title="Edit guardrail" />
        <AdminsOnly what="Guardrails are edited here." />
      </Page>
    );
  const [guardrail, query, teams] = await Promise.all([orNotFound(getGuardrailForEdit(ctx, await params)), searchParams, listTeams(ctx, {})]);
  const tab = pick(query.tab, TABS) ?? "edit";
  const earlier = guardrail.revisions.find(({ revision }) => String(revision) === text(query.revision));
  const { name, revision, definition } = guardrail;
  const address = `/admin/guardrails/${name}`;
  const now = ctx.now.toISOString();
  return (
    <Page crumbs={[{ label: "Guardrails", href: "/admin/guardrails" }, { label: definition.title }]}>
      <PageHead
        title={definition.title}
        meta={
          <>
            <EffectBadge effect={definition.effect} />
            <span>Revision {revision}</span>
          </>
        }
        actions={
          <>
            <LinkButton href={`/guardrails/${name}`}>Open as people see it</LinkButton>
            <GrantException name={name} title={definition.title} teams={teams.items.map(({ ref, title }) => ({ ref, title }))} />
            <GuardrailSwitches guardrail={{ name, revision, definition }} />
          </>
        }
      />
      <Tabs
        label="Guardrail"
        tabs={[
          { label: "Edit", href: address, current: tab === "edit" },
          { label: "Exceptions", href: `${address}?tab=exceptions`, current: tab === "exceptions", count: guardrail.exceptions.length },
          { label: "History", href: `${address}?tab=history`, current: tab === "history", count: guardrail.revisions.length },
        ]}
      />
      {tab === "history" ? (
        <RevisionsTable
          title={definition.title}
          current={revision}
          revisions={guardrail.revisions}
          now={now}
          what={{ title: "Effect", of: (one) => EFFECT_WORDS[one.definition.effect] }}
          hrefOf={(one) => `${address}?revision=${one}`}
        />
      ) : tab === "exceptions" ? (
        <Exceptions guardrail={guardrail} now={now} />
      ) : (
        <>
          {earlier && earlier.revision !== revision ? (
            <div className="mb-4">
              <Notice tone="info">Revision {earlier.revision} is in the editor. Saving makes it the newest.</Notice>
            </div>
          ) : null}
          <GuardrailEditor key={`${revision} ${earlier?.revision ?? ""}`} guardrail={earlier ? { ...guardrail, definition: earlier.definition } : guardrail} />
        </>
      )}
    </Page>
  );
}

function Exceptions({ guardrail: { name, exceptions }, now }: { guardrail: GuardrailForEdit; now: string }) {
  if (exceptions.length > 0) return <ExceptionsList name={name} exceptions={exceptions} now={now} mayEdit />;
  return (
    <div className="table-wrap">
      <Empty title="No team is let through">A team that cannot keep within it yet is let through until a day, with a reason that everybody sees. The button is above.</Empty>
    </div>
  );
}
