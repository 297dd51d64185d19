"use client";

import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import type { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import type { ServiceDryRun } from "@/lib/golden-paths/contract";
import { providerTitle } from "@/lib/repositories/contract";
import { FilePreview } from "./file-preview";

interface Props {
  dryRun: ServiceDryRun;
  guard: Pick<ReturnType<typeof useGuardrails>, "report" | "problem" | "isStale">;
  message: string | null;
  pending: boolean;
  onBack: () => void;
  onCreate: () => void;
}

/** Last step: what will be made, every file of it, and the button that makes it. */
export function Review({ dryRun, guard, message, pending, onBack, onCreate }: Props) {
  const { made, files, steps, calls, goldenPath, team } = dryRun;
  // The repository and its entry in the catalog are told above.
  const others = calls.filter(({ call }) => !made || !/^(publish:\w+|catalog:register)$/.test(call));
  return (
    <form
      className="stack-8"
      onSubmit={(event) => {
        event.preventDefault();
        onCreate();
      }}
    >
      <section>
        <SectionHead
          title={made ? "What will be made" : "What will be done"}
          aside={
            <Button variant="quiet" size="sm" onClick={onBack}>
              Edit answers
            </Button>
          }
        />
        <dl className="facts">
          {made ? <MadeFacts made={made} team={team} /> : null}
          <dt>Golden path</dt>
          <dd>
            {goldenPath.name} {goldenPath.version}
          </dd>
          <dt>Steps</dt>
          <dd>{steps.map((step) => step.name).join(", then ")}</dd>
        </dl>
      </section>
      <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
      {others.length > 0 ? <Calls calls={others} /> : null}
      <section>
        <SectionHead title={made ? "Files of the first commit" : "Files that are written"} aside={`${files.length} ${files.length === 1 ? "file" : "files"}`} />
        <FilePreview files={files} />
      </section>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line spread">
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" variant="primary" pending={pending}>
          {made ? "Create service" : "Run it"}
        </Button>
      </div>
    </form>
  );
}

function MadeFacts({ made, team }: { made: NonNullable<ServiceDryRun["made"]>; team: string }) {
  const [kind = "", name = ""] = made.entityRef.split(":");
  return (
    <>
      <dt>Repository</dt>
      <dd>
        <span className="mono">{made.repository}</span> on {providerTitle(made.provider)}
      </dd>
      <dt>Clone address</dt>
      <dd className="mono">{made.cloneUrl ?? "given by GitHub"}</dd>
      <dt>Catalog</dt>
      <dd>
        {kind} <span className="mono">{name}</span>, owned by {team.split("/").at(-1)}
      </dd>
    </>
  );
}

/** What would be asked of others, in order; nothing of it is done yet. */
function Calls({ calls }: { calls: ServiceDryRun["calls"] }) {
  return (
    <section>
      <SectionHead title="Calls that will be made" aside={`${calls.length} ${calls.length === 1 ? "call" : "calls"}`} />
      <ol className="list bare">
        {calls.map(({ step, call, detail }, index) => (
          <li key={`${step}-${index}`}>
            <span className="mono">{call}</span> <span className="muted">{detail}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
