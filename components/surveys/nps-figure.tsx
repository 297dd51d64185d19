import { NpsTrend } from "@/components/charts/nps-trend";
import { Verdict } from "@/components/delivery/verdict";
import { Link } from "@/components/ui/link";
import type { MetricSummary } from "@/lib/metrics/contract";
import { THIN_RESPONSE } from "@/lib/surveys/contract";
import { monthLabels } from "./month-labels";
import { signed } from "./words";

interface Figure {
  data: "live" | "demo";
  definition: string;
  summary: MetricSummary & { responseRate?: number };
  series: { from: string; surveyId: string; value: number | null; n: number; low?: number | null; high?: number | null }[];
}

/** The third number: score with its interval, response rate and course, or why there is none. */
export function NpsFigure({ figure }: { figure: Figure }) {
  const { summary, series, data, definition } = figure;
  const latest = series.at(-1);
  const rate = summary.responseRate;
  const results = latest ? `/survey/results?data=${data}&survey=${latest.surveyId}` : "/survey/results";
  return (
    <>
      <div className="line tile-head">
        <span className={rate !== undefined && rate < THIN_RESPONSE ? "number muted" : "number"}>{summary.value === null ? "—" : signed(summary.value)}</span>
        {typeof summary.low === "number" && typeof summary.high === "number" ? (
          <span className="muted">
            {signed(summary.low)} to {signed(summary.high)}
          </span>
        ) : null}
        {summary.value === null ? null : <Verdict summary={summary} words={(difference) => `${difference} points`} />}
      </div>
      {summary.insufficient ? (
        <p className="tile-gap muted">
          <span className="strong">Insufficient data.</span> {summary.insufficient}
        </p>
      ) : (
        <NpsTrend
          points={monthLabels(series).map(({ label, value, low, high, n }) => ({
            label,
            value,
            n,
            band: typeof low === "number" && typeof high === "number" ? [low, high] : null,
          }))}
          marks={[]}
          height={148}
        />
      )}
      <div className="tile-foot caption">
        <span>
          <Link className="link" href={results}>
            {summary.value === null ? "Survey results" : `${summary.n} answers`}
          </Link>
          {rate === undefined ? "" : `, ${Math.round(rate * 100)} % of those asked${rate < THIN_RESPONSE ? ": few" : ""}`}
          {data === "demo" ? ", demo" : ""}
        </span>
        <details>
          <summary className="link">How computed</summary>
          <div className="how panel panel-body">
            <p>{definition}</p>
            <p className="muted">The last closed survey; n = {summary.n}. Compared with the survey before; within chance means that the 95 % interval of the difference holds 0.</p>
          </div>
        </details>
      </div>
    </>
  );
}
