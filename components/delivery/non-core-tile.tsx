import type { Metric } from "@/lib/metrics/contract";
import { HowComputed } from "./how-computed";
import { Verdict } from "./verdict";
import { counted, headline, inUnit } from "./words";

/** Hours a day on infrastructure and tooling instead of product code, as people said in the survey. */
export function NonCoreTile({ figure }: { figure: Metric }) {
  const { summary } = figure;
  const { value, unit } = headline(figure);
  return (
    <section className="tile" aria-labelledby="tile-non-core">
      <span className="strong" id="tile-non-core">
        Time on non-core work
      </span>
      <span className="caption">What developers estimate, from the survey</span>
      <div className="line tile-head">
        <span className="number">
          {value} {unit ? <small>{unit}</small> : null}
        </span>
        {summary.insufficient ? null : <Verdict summary={summary} words={(difference) => inUnit(figure.unit, difference)} />}
      </div>
      {summary.insufficient ? (
        <p className="tile-gap muted">
          <span className="strong">Insufficient data.</span> {summary.insufficient}
        </p>
      ) : (
        <span />
      )}
      <div className="tile-foot caption">
        <span>{counted(summary.n, "answer")}</span>
        <HowComputed metric={figure} />
      </div>
    </section>
  );
}
