import type { Metadata } from "next";
import { CleanUpNow } from "@/components/environments/clean-up-now";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { Page } from "@/components/layout/page";
import { RunView } from "@/components/runs/run-view";
import { OneTap } from "@/components/surveys/one-tap";
import { languageHints, orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getEnvironment } from "@/lib/environments/queries";
import { listRunDecisions } from "@/lib/guardrails/queries";
import { getRun, readRunLog, runScope } from "@/lib/runs/queries";
import { forReader, LANGUAGE_COOKIE } from "@/lib/surveys/contract";
import { oneTap } from "@/lib/surveys/queries";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await orNotFound(getRun(await requireSignedIn(), await params));
  return { title: run.title };
}

export default async function RunPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const { id } = await params;
  const run = await orNotFound(getRun(ctx, { id }));
  const [{ items }, scope, { step, lang }] = await Promise.all([readRunLog(ctx, { id, limit: 5000 }), runScope(ctx, { id }), searchParams]);
  const environment = run.environmentId && run.status === "failed" ? await getEnvironment(ctx, { id: run.environmentId }).catch(() => null) : null;
  const { question, translations } = run.requestedBy?.id === ctx.actor.id ? await oneTap(ctx, {}) : { question: null, translations: {} };
  const decisions = (await listRunDecisions(ctx, { id })).items;
  // The last word counts; where all pass there is nothing to say.
  const said = [decisions.at(-1)].find((one) => one?.results.some(({ verdict }) => verdict !== "passes"));
  const cleanable = environment?.status === "failed" && !environment.isDemo;
  return (
    <Page crumbs={[{ label: "Runs", href: "/runs" }, { label: run.title }]}>
      <RunView
        run={run}
        lines={items}
        now={ctx.now.toISOString()}
        selectedStep={run.steps.some((one) => one.name === step) ? (step ?? null) : null}
        may={{ cancel: can(ctx.actor, "run.cancel", scope), retry: can(ctx.actor, "run.retry", scope), cleanUp: cleanable && can(ctx.actor, "environment.delete", scope) }}
        afterOutcome={question ? <OneTap {...forReader([question], translations, { address: lang, ...(await languageHints(LANGUAGE_COOKIE)) })} /> : null}
        cleanUp={environment ? <CleanUpNow environment={environment} /> : null}
      >
        {said ? (
          <div className="mb-4">
            <GuardrailsPart report={said} />
          </div>
        ) : null}
      </RunView>
    </Page>
  );
}
