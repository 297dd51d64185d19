import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { PathTestRun } from "@/lib/golden-paths/contract";

/** Whether what is about to be published or submitted has been tried: told, never required. */
export function TestedNotice({ tests, revision, hasUnsaved }: { tests: PathTestRun[]; revision: number; hasUnsaved: boolean }) {
  const passed = hasUnsaved ? undefined : tests.find((test) => test.revision === revision && test.status === "passed");
  if (passed)
    return (
      <p className="muted">
        <Link className="link" href={`/runs/${passed.runId}`}>
          A test run
        </Link>{" "}
        of revision {revision} passed: {passed.requestedBy ?? "somebody"}, <Time at={passed.createdAt} />.
      </p>
    );
  const [last] = tests;
  return (
    <Notice tone="warning">
      {hasUnsaved ? "What you typed last has not passed a test run." : `Revision ${revision} has not passed a test run.`}{" "}
      {last ? (
        <>
          The{" "}
          <Link className="link" href={`/runs/${last.runId}`}>
            last one
          </Link>{" "}
          {last.status === "running" ? "is under way" : last.status === "passed" ? "passed" : last.status === "failed" ? "failed" : "was cancelled"} at revision {last.revision}
          {last.cause ? `: ${last.cause}` : "."}
        </>
      ) : (
        "None was made yet."
      )}
    </Notice>
  );
}
