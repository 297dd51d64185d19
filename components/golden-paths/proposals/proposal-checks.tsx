import { Blazes } from "@/components/ui/blazes";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { MAX_CONCEPTS, type PathCheck, type PathTestRun } from "@/lib/golden-paths/contract";

interface Props {
  check: PathCheck;
  /** Of the version it began from. */
  conceptsBefore: number;
  tests: PathTestRun[];
  revision: number;
  now: string;
}

/** What a reviewer wants to know before reading: remarks, concepts, whether it runs. */
export function ProposalChecks({ check, conceptsBefore, tests, revision, now }: Props) {
  const errors = check.findings.filter(({ severity }) => severity === "error");
  const [last] = tests;
  return (
    <>
      <section>
        <SectionHead title="Remarks" aside={check.findings.length === 0 ? "none" : `${errors.length} of ${check.findings.length} stop publishing`} />
        {check.findings.length === 0 ? (
          <p className="muted">The check of the editor finds nothing.</p>
        ) : (
          <ul className="list bare compact">
            {check.findings.slice(0, 8).map(({ file, line, message, severity }) => (
              <li key={`${file}${line}${message}`}>
                <span className={severity === "error" ? "t-danger" : "t-warning"}>
                  <span className="mono">
                    {file}:{line}
                  </span>{" "}
                  {message}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <SectionHead title="Concepts to know" aside={conceptsBefore === check.concepts.length ? "as before" : `${conceptsBefore} before`} />
        <span className="line">
          <Blazes on={Math.min(check.concepts.length, MAX_CONCEPTS)} label={`${check.concepts.length} of ${MAX_CONCEPTS} concepts`} />
          {check.concepts.length} of {MAX_CONCEPTS}
        </span>
      </section>
      <section>
        <SectionHead title="Test runs" aside={tests.length === 0 ? "none" : `${tests.length}`} />
        {last ? (
          <p className="line wrap">
            <Status value={last.status} />
            <Link className="link" href={`/runs/${last.runId}`}>
              revision {last.revision}
            </Link>
            <span className="muted">
              {last.requestedBy ?? "somebody"}, <Time at={last.createdAt} now={now} />
              {last.revision === revision ? "" : `; the proposal is at ${revision}`}
            </span>
          </p>
        ) : (
          <p className="muted">Nobody has tried it in an environment yet. The editor starts one.</p>
        )}
        {last?.cause ? <p className="t-danger">{last.cause}</p> : null}
      </section>
    </>
  );
}
