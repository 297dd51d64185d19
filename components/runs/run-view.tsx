"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { duration } from "@/lib/core/format";
import { cancelRun, retryRun } from "@/lib/runs/actions";
import type { LogLine, Run } from "@/lib/runs/contract";
import { LogViewer } from "./log-viewer";
import { OutcomeCard } from "./outcome-card";
import { isOver, runMs } from "./run-words";
import { StepList } from "./step-list";
import { useRunStream } from "./use-run-stream";
import { useServerClock } from "./use-server-clock";

interface Props {
  run: Run;
  lines: LogLine[];
  now: string;
  selectedStep: string | null;
  /** What the reader may do; the server checks again. */
  may: { cancel: boolean; retry: boolean; cleanUp: boolean };
  cleanUp?: React.ReactNode;
  /** Shown when the run is over. */
  afterOutcome?: React.ReactNode;
  /** What has to be known about it beside its outcome. */
  children?: React.ReactNode;
}

export function RunView({ run: first, lines: firstLines, now: serverNow, selectedStep, may, cleanUp, afterOutcome, children }: Props) {
  const { run, lines, state } = useRunStream(first, firstLines);
  const [step, setStep] = useState(selectedStep);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState<"cancel" | "retry" | null>(null);
  const router = useRouter();
  const over = isOver(run);
  const now = useServerClock(serverNow, over);

  const act = async (kind: "cancel" | "retry") => {
    if (pending) return;
    setPending(kind);
    const result = await (kind === "cancel" ? cancelRun({ id: run.id }) : retryRun({ id: run.id }));
    setPending(null);
    setProblem(result.ok ? null : result.error.message);
    router.refresh();
  };
  const retryable = over && run.status !== "succeeded" && may.retry && (!run.retryUntil || Date.parse(run.retryUntil) > now);
  const failingTitle = run.steps.find((one) => one.name === run.outcome?.failingStep)?.title;
  const actions = (
    <>
      {retryable ? (
        <Button variant="primary" pending={pending === "retry"} onClick={() => act("retry")}>
          {failingTitle ? `Retry from “${failingTitle}”` : "Retry run"}
        </Button>
      ) : null}
      {run.status === "failed" && may.cleanUp ? cleanUp : null}
      {run.environmentId ? <LinkButton href={`/environments/${run.environmentId}`}>Open environment</LinkButton> : null}
    </>
  );
  return (
    <>
      <PageHead
        title={run.title}
        meta={
          <>
            <Status value={run.status} />
            <span>
              Started <Time at={run.startedAt ?? run.createdAt} now={serverNow} />
              {run.requestedBy ? ` by ${run.requestedBy.handle}` : " by the platform"}
            </span>
            <span suppressHydrationWarning>{over ? `Took ${duration(runMs(run, now))}` : `${duration(runMs(run, now))} so far`}</span>
            <span>Attempt {run.attempt}</span>
            <span className="ref">
              {run.id}
              <CopyButton text={run.id} label="Copy run id" />
            </span>
          </>
        }
        actions={
          !over && may.cancel ? (
            <Button pending={pending === "cancel" || run.cancelRequestedAt !== null} onClick={() => act("cancel")}>
              Cancel run
            </Button>
          ) : null
        }
      />
      {problem ? (
        <div className="mb-4">
          <Notice tone="danger">{problem}</Notice>
        </div>
      ) : null}
      {run.outcome ? <OutcomeCard run={run} outcome={run.outcome} actions={actions} /> : null}
      {over ? afterOutcome : null}
      {children}
      <div className="run">
        <StepList run={run} now={now} selected={step} onSelect={setStep} />
        <LogViewer
          label="Run log"
          lines={lines}
          steps={run.steps}
          step={step}
          onStep={setStep}
          state={state}
          downloadHref={`/api/v1/runs/${run.id}/logs?limit=5000`}
          {...(run.maskedSecrets ? { foot: `${run.maskedSecrets} secrets masked` } : {})}
        />
      </div>
    </>
  );
}
