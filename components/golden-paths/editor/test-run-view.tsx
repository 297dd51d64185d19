"use client";

import { ExternalLink, Rocket } from "lucide-react";
import { useEffect, useState } from "react";
import { LogViewer } from "@/components/runs/log-viewer";
import { OutcomeCard } from "@/components/runs/outcome-card";
import { isOver } from "@/components/runs/run-words";
import { StepList } from "@/components/runs/step-list";
import { useRunStream } from "@/components/runs/use-run-stream";
import { useServerClock } from "@/components/runs/use-server-clock";
import { Button, LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { deleteEnvironment } from "@/lib/environments/actions";
import type { PathTestRun } from "@/lib/golden-paths/contract";
import { cancelRun } from "@/lib/runs/actions";
import type { Run } from "@/lib/runs/contract";
import type { TestState } from "./use-test-run";

interface Props {
  state: TestState;
  /** Of what is edited now. */
  revision: number;
  onStart: () => void;
  onChanged: () => Promise<void>;
}

/** The trial of what is edited in an environment that is thrown away: steps and log while it is made, its address or why there is none. */
export function TestRunView({ state, revision, onStart, onChanged }: Props) {
  const { tests, run, pending, problem, now } = state;
  const [newest, ...older] = tests;
  const startButton = (
    <Button pending={pending} onClick={onStart}>
      <Rocket className="i" aria-hidden />
      {newest ? "Test again" : "Test run"}
    </Button>
  );
  return (
    <div className="stack-4">
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      {newest ? (
        <>
          <TestHead test={newest} revision={revision} />
          {run && run.id === newest.runId ? <Live key={`${run.id}:${run.attempt}`} test={newest} first={run} now={now} onChanged={onChanged} /> : <OpenRun test={newest} />}
          <div>{startButton}</div>
          {older.length > 0 ? <Older tests={older} /> : null}
        </>
      ) : (
        <Empty title="No test run yet" action={startButton}>
          A test run makes a real environment from exactly these files and the answers of the form, for an hour. It makes no repository and no catalog entry, and counts as no use
          of the path.
        </Empty>
      )}
    </div>
  );
}

function TestHead({ test, revision }: { test: PathTestRun; revision: number }) {
  return (
    <div className="line wrap">
      <Status value={test.status} />
      <span className="muted">
        Revision {test.revision}, {test.requestedBy ?? "somebody"}, <Time at={test.createdAt} />
      </span>
      {test.revision === revision ? null : <span className="badge">not the present one, {revision}</span>}
    </div>
  );
}

function OpenRun({ test }: { test: PathTestRun }) {
  return (
    <div className="stack-4">
      {test.cause ? <Notice tone="danger">{test.cause}</Notice> : null}
      <div>
        <LinkButton href={`/runs/${test.runId}`} size="sm">
          Open run
        </LinkButton>
      </div>
    </div>
  );
}

const LOOK_AGAIN_MS = 2_000;

function Live({ test, first, now: serverNow, onChanged }: { test: PathTestRun; first: Run; now: string; onChanged: () => Promise<void> }) {
  const { run, lines, state } = useRunStream(first, []);
  const [step, setStep] = useState<string | null>(null);
  const over = isOver(run);
  const now = useServerClock(serverNow, over);
  const { pending, act } = useAct();
  // What came of it, and its address, are kept with the draft.
  useEffect(() => {
    if (over) void onChanged();
  }, [over, onChanged]);
  const { environment } = test;
  const isGoing = environment?.status === "deleting";
  useEffect(() => {
    if (!isGoing) return;
    const timer = setInterval(() => void onChanged(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isGoing, onChanged]);
  const url = environment?.url ?? run.outcome?.evidence.find(({ title }) => title === "Open")?.url ?? null;
  const isThere = environment !== null && !["deleting", "deleted"].includes(environment.status);
  const remove = () => act(() => deleteEnvironment({ id: environment?.id ?? "" }), "It is being deleted.").then(onChanged);
  const cancel = () => act(() => cancelRun({ id: run.id }), "It is being cancelled.");
  return (
    <>
      {url && isThere && run.status === "succeeded" ? (
        <div className="addr">
          <a className="ref link truncate" href={url} target="_blank" rel="noreferrer" title={url}>
            {url.replace(/^https?:\/\//, "")}
          </a>
          <span className="grow" />
          <LinkButton href={url} size="sm" external>
            <ExternalLink className="i" aria-hidden />
            Open
          </LinkButton>
        </div>
      ) : null}
      <div className="line wrap">
        {environment ? (
          <Link className="link" href={`/environments/${environment.id}`}>
            {environment.name}
          </Link>
        ) : null}
        <span className="muted grow">
          {isThere && environment?.expiresAt && run.status !== "failed" ? (
            <>
              ends <Time at={environment.expiresAt} />
            </>
          ) : environment ? (
            `is ${isThere ? "kept for a while" : isGoing ? "being deleted" : environment.status}`
          ) : null}
        </span>
        {over && isThere ? (
          <Button size="sm" variant="danger" pending={pending} onClick={remove}>
            Delete now
          </Button>
        ) : null}
        {over ? null : (
          <Button size="sm" pending={pending || run.cancelRequestedAt !== null} onClick={cancel}>
            Cancel
          </Button>
        )}
      </div>
      {run.outcome && run.status !== "succeeded" ? <OutcomeCard run={run} outcome={run.outcome} /> : null}
      <StepList run={run} now={now} selected={step} onSelect={setStep} />
      <div className="pe-test-log">
        <LogViewer label="Log of the test run" lines={lines} steps={run.steps} step={step} state={state} downloadHref={`/api/v1/runs/${run.id}/logs?limit=5000`} />
      </div>
      <p>
        <Link className="link" href={`/runs/${run.id}`}>
          Open the run
        </Link>
      </p>
    </>
  );
}

function Older({ tests }: { tests: PathTestRun[] }) {
  return (
    <details>
      <summary className="link">{tests.length === 1 ? "One before it" : `${tests.length} before it`}</summary>
      <ul className="list bare compact">
        {tests.map((test) => (
          <li key={test.id}>
            <Status value={test.status} />
            <span className="grow">
              <Link className="link" href={`/runs/${test.runId}`}>
                Revision {test.revision}
              </Link>
              {test.cause ? <span className="muted block">{test.cause}</span> : null}
            </span>
            <span className="muted">
              {test.requestedBy ?? "somebody"}, <Time at={test.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
