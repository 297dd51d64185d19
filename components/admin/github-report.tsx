"use client";

import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { testGithub } from "@/lib/platform/actions";
import type { GithubCheck } from "@/lib/platform/contract";

/** What GitHub says about the connection right now: asked when the page opens, and again by the button. */
export function GithubReport({ owner, children }: { owner: string; children: ReactNode }) {
  const [report, setReport] = useState<GithubCheck | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const test = async () => {
    setPending(true);
    const result = await testGithub({});
    setPending(false);
    setReport(result.ok ? result.data : null);
    setProblem(result.ok ? null : result.error.message);
  };
  useEffect(() => {
    void test();
  }, []);
  return (
    <div className="stack-4">
      <div aria-live="polite">
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
        {report ? <Verdict report={report} owner={owner} /> : null}
        {!report && !problem ? <p className="muted">Asking GitHub…</p> : null}
      </div>
      {report && report.permissions.length > 0 ? <Permissions report={report} /> : null}
      <div className="line wrap">
        <Button pending={pending} onClick={test}>
          Test connection
        </Button>
        {children}
      </div>
    </div>
  );
}

function Verdict({ report, owner }: { report: GithubCheck; owner: string }) {
  const { identity, problem, warnings, rate } = report;
  return (
    <div className="stack">
      {problem ? (
        <Notice tone="danger">
          {problem.cause} {problem.nextAction}
        </Notice>
      ) : (
        <p className="line wrap">
          <Status value="connected" />
          <span>
            as <span className="mono">{identity}</span> for <span className="mono">{owner}</span>
            {rate ? <span className="muted">{`, ${rate.remaining.toLocaleString("en")} of ${rate.limit.toLocaleString("en")} requests left in this hour`}</span> : null}
          </span>
        </p>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          {warning}
        </Notice>
      ))}
    </div>
  );
}

function Permissions({ report }: { report: GithubCheck }) {
  return (
    <ul className="list bare" aria-label="Permissions">
      {report.permissions.map(({ title, purpose, needed, state }) => (
        <li key={title}>
          <div className="grow">
            <span className="strong">{title}</span>
            <div className="muted">
              {purpose}
              {needed ? "" : " (optional)"}
            </div>
          </div>
          <Status value={state === "missing" && !needed ? "not-granted" : state} />
        </li>
      ))}
    </ul>
  );
}
