import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { PlaceLink } from "@/components/ui/place-link";
import { Status } from "@/components/ui/status";
import type { GuardrailReport, GuardrailResult } from "@/lib/guardrails/contract";
import { countWords, resultWords, VERDICT_STATUS, worstFirst } from "./words";

interface Props {
  report: Pick<GuardrailReport, "results"> | null;
  /** Why they could not be asked. */
  problem?: string | null;
  isStale?: boolean;
}

/** What the guardrails say of what is being asked for: passed, warned, refused, each with the way out. */
export function GuardrailsPart({ report, problem = null, isStale = false }: Props) {
  if (!report) return problem ? <p className="muted">Guardrails could not be asked yet: {problem}</p> : null;
  if (report.results.length === 0) return null;
  return (
    <section aria-label="Guardrails" aria-busy={isStale} aria-live="polite">
      <SectionHead title="Guardrails" aside={countWords(report.results)} />
      <Results results={worstFirst(report.results)} />
    </section>
  );
}

function Results({ results }: { results: GuardrailResult[] }) {
  return (
    <ul className="guardrail-results">
      {results.map((result) => (
        <li key={`${result.name} ${result.message}`}>
          <Status value={VERDICT_STATUS[result.verdict]} glyphOnly />
          <span>
            {result.name === "opa" ? (
              <span className="strong">{result.title}</span>
            ) : (
              <Link className="link-quiet strong" href={`/guardrails/${result.name}`}>
                {result.title}
              </Link>
            )}
            {result.verdict === "passes" ? null : <span className="block muted">{resultWords(result)}</span>}
            {result.docs && result.verdict !== "passes" ? (
              <span className="block">
                <PlaceLink href={result.docs}>Read more</PlaceLink>
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
