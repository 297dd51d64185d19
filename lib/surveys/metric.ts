import type { Connection } from "@/db/client";
import type { surveys } from "@/db/schema";
import { env } from "@/lib/core/env";
import type { Metric, MetricSummary } from "@/lib/metrics/contract";
import { type Cell, K, TEAM_SCORE_ANSWERS } from "./contract";
import { type Question, SCORE } from "./contract-items";
import { npsChange } from "./nps";
import { bandsOf } from "./publish";
import { rangesOf } from "./ranges";
import { historyOf, type PastSurvey, scoreOf } from "./results";

export type SurveyMetric = "nps" | "non-core-time";

type Figure = Pick<MetricSummary, "value" | "n" | "low" | "high" | "median" | "previous" | "verdict" | "insufficient"> & {
  /** Answers per person asked, 0–1. */
  responseRate?: number;
};

/** The shape of every metric, with the response rate and the survey of each month. */
export interface SurveyMetricView extends Omit<Metric, "summary" | "series"> {
  summary: Figure;
  series: ({ from: string; to: string; partial: boolean; surveyId: string } & Figure)[];
}

const DEFINITIONS: Record<SurveyMetric, (k: number) => string> = {
  nps: (k) =>
    `Developer NPS: share of answers 9–10 less share of answers 0–6 to “How likely are you to recommend Waymark to a colleague who builds software here?”, −100 to 100, with the 95 % adjusted Wald interval. One survey a month; published at closing for groups of ${k} or more, of teams from ${TEAM_SCORE_ANSWERS} answers.`,
  "non-core-time": (k) =>
    `Self-estimate: hours per working day that went to infrastructure and tooling instead of product code. Mean of the middles of the chosen ranges (0.25, 0.75, 1.5, 2.5, 3.5, 5); published at closing for groups of ${k} or more.`,
};
const ITEM_OF: Record<SurveyMetric, string> = { nps: SCORE, "non-core-time": "hours" };

interface Wanted {
  metric: SurveyMetric;
  node: string;
  from: Date;
  to: Date;
  isDemo: boolean;
}

/**
 * The metric by month in the contract's shape; the summary is the last survey of the window against the one before it. A changed
 * wording begins a new series: only surveys that asked as the last one did are in it.
 */
export async function surveyMetric(on: Connection, { metric, node, from, to, isDemo }: Wanted): Promise<SurveyMetricView> {
  const item = ITEM_OF[metric];
  const history = await historyOf(on, node, [item], isDemo);
  const wording =
    history
      .filter((one) => one.survey.opensAt < to && one.version(item) !== null)
      .at(-1)
      ?.version(item) ?? null;
  const points = history
    .filter((one) => wording !== null && one.version(item) === wording)
    .map((one) => ({ ...monthOf(one.survey), cell: one.cells.get(item), ...figureOf(metric, one, item) }));
  const inside = points.filter((point) => point.opensAt >= from && point.opensAt < to);
  const last = inside.at(-1);
  const full = (point: (typeof points)[number]) => withPrevious(figure(point), points[points.indexOf(point) - 1], metric, point.cell);
  return {
    metric,
    unit: metric === "nps" ? "points" : "hours per day",
    node,
    data: isDemo ? "demo" : "live",
    grain: "month",
    window: { from: from.toISOString(), to: to.toISOString(), timeZone: env().timeZone },
    summary: last ? full(last) : { value: null, n: 0, insufficient: "No survey was closed in this window. Results appear when one closes." },
    series: inside.map((point) => ({ from: point.from, to: point.to, partial: false, surveyId: point.surveyId, ...full(point) })),
    definition: DEFINITIONS[metric](last?.k ?? K),
  };
}

function monthOf(survey: typeof surveys.$inferSelect) {
  const [year = 0, month = 0] = survey.period.split("-").map(Number);
  return {
    surveyId: survey.id,
    k: survey.k,
    opensAt: survey.opensAt,
    from: new Date(Date.UTC(year, month - 1, 1)).toISOString(),
    to: new Date(Date.UTC(year, month, 1)).toISOString(),
  };
}

type Point = Figure & { cell: Cell | undefined; from: string; to: string };

function figure({ value, n, low, high, median, responseRate, insufficient }: Point): Figure {
  return {
    value,
    n,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(median === undefined ? {} : { median }),
    ...(responseRate === undefined ? {} : { responseRate }),
    ...(insufficient ? { insufficient } : {}),
  };
}

function figureOf(metric: SurveyMetric, { survey, node, cells }: PastSurvey, item: string): Figure {
  const cell = cells.get(item);
  if (!node || !cell) return { value: null, n: 0, insufficient: "This group was not asked." };
  if (cell.state !== "shown") return { value: null, n: 0, insufficient: withheldBecause(cell.state, cell.k) };
  const responseRate = cell.asked ? (cell.n ?? 0) / cell.asked : 0;
  const question = (survey.questions as Question[]).find((one) => one.item === item);
  if (metric === "non-core-time") return { ...hoursFigure(question, cell.counts ?? {}, cell.k), responseRate };
  const score = scoreOf(survey.tree, node, cell);
  if (!score) return { value: null, n: cell.n ?? 0, responseRate, insufficient: `A team's score needs ${TEAM_SCORE_ANSWERS} answers; its three bands are on the survey page.` };
  const { value, low, high, n } = score;
  return { value, low, high, n, responseRate };
}

function withheldBecause(state: Exclude<Cell["state"], "shown">, k: number): string {
  if (state === "few") return `Hidden: fewer than ${k} answers.`;
  return state === "complement" ? "Hidden so that a smaller group cannot be worked out by subtraction." : "Hidden: nearly everybody gave the same answer.";
}

function hoursFigure(question: Question | undefined, counts: Record<string, number>, k: number): Figure {
  const hours = rangesOf(question, counts);
  return hours.n < k ? { value: null, n: hours.n, insufficient: `Fewer than ${k} people gave hours.` } : { value: hours.mean, median: hours.median, n: hours.n };
}

function withPrevious(now: Figure, before: Point | undefined, metric: SurveyMetric, cell: Cell | undefined): Figure {
  if (before?.value === undefined || before.value === null || now.value === null) return now;
  const [a, b] = [bandsOf(before.cell), bandsOf(cell)];
  const { value, n, from, to } = before;
  return { ...now, previous: { value, n, from, to }, ...(metric === "nps" && a && b ? { verdict: npsChange(a, b) } : {}) };
}
