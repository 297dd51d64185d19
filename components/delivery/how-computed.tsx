import { DEFINITIONS, isMetric, type Metric } from "@/lib/metrics/contract";
import { counted, inUnit, lead, perWeek, windowWords } from "./words";

/** Formula, window, n, what is left out, and what it is compared with: everything needed to work a figure out again. */
export function HowComputed({ metric }: { metric: Metric }) {
  const { summary, window, definition } = metric;
  const one = isMetric(metric.metric) ? DEFINITIONS[metric.metric].one : "answer";
  const { objective, leftOut = [], parts = [], since, days } = summary;
  return (
    <details>
      <summary className="link">How computed</summary>
      <div className="how panel panel-body">
        <p>{definition}</p>
        <p className="muted">
          {windowWords(window)}. n = {summary.n.toLocaleString("en-GB")} ({one}
          {summary.n === 1 ? "" : "s"}).
          {since && days !== undefined ? ` Divided by ${counted(days, "day")}: the first production deployment was on ${since}.` : ""}
          {metric.unit === "per-day" && summary.value !== null ? ` That is ${perWeek(summary.value)} a week.` : ""}
          {typeof summary.low === "number" && typeof summary.high === "number" ? ` 95 % interval ${inUnit(metric.unit, summary.low)} to ${inUnit(metric.unit, summary.high)}.` : ""}
          {summary.previous
            ? ` The same number of days before: ${inUnit(metric.unit, summary.previous.value)}, n = ${summary.previous.n.toLocaleString("en-GB")}${summary.verdict ? "; within chance means that the 95 % intervals do not tell the two apart" : ""}.`
            : ""}
          {summary.approximate ? " Percentiles come from a histogram and are off by 2.5 % at most." : ""}
          {summary.failedAttempts ? ` ${counted(summary.failedAttempts, "failed attempt")} not counted.` : ""}
          {leftOut.map(({ what, n }) => ` Left out: ${n.toLocaleString("en-GB")} ${what}.`).join("")}
        </p>
        {objective && objective.of > 0 ? (
          <p>
            Objective: {Math.round(objective.share * 100)} % usable within {lead(objective.seconds)}, over {objective.days} days. Kept for {objective.kept} of {objective.of}
            {objective.budgetLeft === null
              ? ""
              : objective.budgetLeft >= 0
                ? `; ${Math.round(objective.budgetLeft * 100)} % of the error budget is left`
                : "; the error budget is used up"}
            .
          </p>
        ) : null}
        {parts.length ? <p>{parts.map(({ what, through, of }) => `${what}: ${through}${of === null ? " through Waymark" : ` of ${of}`}`).join(", ")}.</p> : null}
      </div>
    </details>
  );
}
