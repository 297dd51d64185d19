import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import type { PullRequestCheck } from "@/lib/repositories/contract";

/** What was looked at before merging, each with what to do about it. */
export function Checks({ checks }: { checks: PullRequestCheck[] }) {
  if (checks.length === 0) return null;
  const failed = checks.filter(({ state }) => state === "failed").length;
  return (
    <section aria-label="Checks">
      <SectionHead title="Checks" aside={failed ? `${failed} of ${checks.length} failed` : "all passed"} />
      <dl className="facts ruled">
        {checks.map(({ name, state, detail }) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="check-result">
              <Status value={state} />
              <span>{detail}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
