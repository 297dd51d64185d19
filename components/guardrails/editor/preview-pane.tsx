import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import type { Effect, GuardrailPreview, PreviewCounts, PreviewRow } from "@/lib/guardrails/contract";
import { readFacts } from "./fact-lines";

interface Props {
  effect: Effect;
  preview: GuardrailPreview | null;
  problem: string | null;
  isStale: boolean;
  tried: string;
  onTry: (facts: string) => void;
}

const WOULD: Record<Effect, string> = { refuse: "refused", warn: "warned of", off: "refused" };

/** What the guardrail would have said of the past, and would say of what runs, before anybody notices it. */
export function PreviewPane({ effect, preview, problem, isStale, tried, onTry }: Props) {
  const lines = tried.trim() ? readFacts(tried).problem : null;
  return (
    <aside className="stack-8 sticky-aside" aria-label="Preview">
      <section className="stack-4" aria-busy={isStale}>
        <SectionHead title="Past requests" aside={effect === "off" ? "before it is switched on" : null} />
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
        {preview ? <Past effect={effect} preview={preview} /> : <p className="muted">Being worked out…</p>}
      </section>
      {preview?.running ? (
        <section className="stack-4">
          <SectionHead title="What runs now" aside={`${preview.running.considered} environments`} />
          <Counts
            counts={preview.running}
            none="Nothing runs that it is about."
            say={(n) => `${n === 1 ? "1 environment that runs" : `${n} environments that run`} today would not pass. They are left alone.`}
            allPass="Everything that runs today would pass."
            hrefOf={({ id }) => `/environments/${id}`}
          />
        </section>
      ) : null}
      <section className="stack-4">
        <Field id="try" label="Try a request" help="Facts, one per line. Nothing is kept." error={lines ?? undefined}>
          <textarea
            {...fieldProps("try", lines ?? undefined, true)}
            className="input mono"
            rows={3}
            value={tried}
            onChange={(event) => onTry(event.target.value)}
            placeholder={"request.tier = sandbox\nrequest.ttlHours = 96"}
            spellCheck={false}
          />
        </Field>
        {preview?.tried && tried.trim() ? (
          <p className="line wrap" aria-live="polite">
            <Status value={preview.tried.outcome === "pass" ? "pass" : preview.tried.outcome === "fail" ? "fail" : "not-known"} /> {preview.tried.reason}
          </p>
        ) : null}
      </section>
    </aside>
  );
}

function Past({ effect, preview: { past, problem } }: { effect: Effect; preview: GuardrailPreview }) {
  if (problem) return <p className="muted">Requests are counted once the condition can be read.</p>;
  if (!past) return <p className="muted">Choose what it watches to see what it would have said.</p>;
  return (
    <Counts
      counts={past}
      none="Nobody asked for anything that it watches in the last 90 days, so there is nothing to count. It can be saved all the same."
      say={(n) => `Would have ${WOULD[effect]} ${n} of the last ${past.considered} ${past.considered === 1 ? "request" : "requests"}.`}
      allPass={`All of the last ${past.considered} ${past.considered === 1 ? "request" : "requests"} would have passed.`}
      hrefOf={({ id }) => `/guardrails/requests?request=${id}`}
    />
  );
}

interface CountsProps {
  counts: PreviewCounts;
  none: string;
  say: (n: number) => string;
  allPass: string;
  hrefOf: (row: PreviewRow) => string;
}

function Counts({ counts: { considered, fails, undecided, rows }, none, say, allPass, hrefOf }: CountsProps) {
  if (considered === 0) return <p className="muted">{none}</p>;
  return (
    <div className="stack">
      <p className="strong" aria-live="polite">
        {fails === 0 && undecided === 0 ? allPass : fails > 0 ? say(fails) : null}
      </p>
      {undecided > 0 ? <p className="muted">{undecided} could not be evaluated, and would count as not passing.</p> : null}
      <ul className="list bare tight">
        {rows.map((row) => (
          <li key={row.id}>
            <div className="grow">
              <Link className="link" href={hrefOf(row)} target="_blank">
                {row.title}
              </Link>
              <span className="muted block">{row.reason ?? row.detail}</span>
            </div>
            {row.was ? <Status value={row.was} /> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
