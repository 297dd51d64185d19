import { ArrowDown, ArrowRight, ArrowUp, EyeOff } from "lucide-react";
import { NpsTrend } from "@/components/charts/nps-trend";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { type Change, type GroupResult, TEAM_SCORE_ANSWERS, THIN_RESPONSE } from "@/lib/surveys/contract";
import { BandBar, BandFacts } from "./bands";
import { monthLabels, monthName } from "./month-labels";
import { interval, signed, withheld } from "./words";

interface Trend {
  series: {
    from: string;
    surveyId: string;
    value: number | null;
    n: number;
    low?: number | null;
    high?: number | null;
    responseRate?: number;
    previous?: { value: number | null };
    verdict?: "better" | "worse" | "within-chance";
  }[];
  definition: string;
}

interface Props {
  group: GroupResult;
  trend: Trend;
  changes: Change[];
  survey: string;
  asTable: boolean;
  href: string;
}

/** Score, bands and trend of one group. */
export function ResultsSummary({ group, trend, changes, survey, asTable, href }: Props) {
  const points = monthLabels(trend.series);
  const labels = new Set(points.map((point) => point.label));
  const marks = changes.map((change) => ({ label: monthName(change.changedOn), title: change.title })).filter((mark) => labels.has(mark.label));
  return (
    <div>
      <div className="nps-top">
        <Score group={group} point={trend.series.find((one) => one.surveyId === survey)} />
        <section>
          <div className="line spread">
            <h2>
              Score by month <span className="muted font-normal">with 95 % interval, last 12 months</span>
            </h2>
            <Link className="link muted" href={asTable ? href : `${href}&view=table`} scroll={false}>
              {asTable ? "As chart" : "As table"}
            </Link>
          </div>
          <div className="mt-2">
            {asTable ? (
              <TrendTable points={points} />
            ) : (
              <NpsTrend
                points={points.map(({ label, value, low, high, n }) => ({ label, value, n, band: typeof low !== "number" || typeof high !== "number" ? null : [low, high] }))}
                marks={marks}
              />
            )}
          </div>
        </section>
      </div>
      <p className="caption mt-2">{trend.definition}</p>
    </div>
  );
}

function Score({ group, point }: { group: GroupResult; point: Trend["series"][number] | undefined }) {
  const { score } = group.cells;
  const thin = (score.n ?? 0) / Math.max(1, score.asked) < THIN_RESPONSE;
  return (
    <section className="stack">
      <h2>{group.node.title}</h2>
      {group.nps ? (
        <>
          <div className="line items-baseline!">
            <span className={thin ? "number muted" : "number"}>{signed(group.nps.value)}</span>
            <span className="muted">
              {interval(group.nps)}, {group.nps.n} answers
            </span>
          </div>
          <Delta point={point} />
        </>
      ) : null}
      {!group.nps && score.counts ? <p className="muted">{`${score.n} answers: too few for a team's score, which needs ${TEAM_SCORE_ANSWERS}.`}</p> : null}
      {score.counts ? (
        <>
          <BandBar counts={score.counts} />
          <BandFacts counts={score.counts} />
          <p className="caption">
            {Math.round((100 * (score.n ?? 0)) / Math.max(1, score.asked))} % of {score.asked} answered{thin ? ": too few to say much" : ""}
          </p>
        </>
      ) : (
        <p className="line muted">
          <EyeOff className="i i-sm" aria-hidden />
          {withheld(score)}.
        </p>
      )}
      {group.quarter && group.quarter.months > 1 ? <QuarterBands quarter={group.quarter} /> : null}
    </section>
  );
}

/** Without a score: how the quarter so far is spread, out of the months that could be shown. */
function QuarterBands({ quarter }: { quarter: NonNullable<GroupResult["quarter"]> }) {
  return (
    <>
      <h3>
        Quarter so far{" "}
        <span className="muted font-normal">
          {quarter.n} answers of {quarter.months} months
        </span>
      </h3>
      <BandBar counts={quarter.counts} />
      <BandFacts counts={quarter.counts} />
    </>
  );
}

const CHANGES = { better: { tone: "t-success", words: "better" }, worse: { tone: "t-danger", words: "worse" }, "within-chance": { tone: "muted", words: "within chance" } };

/** Against the survey before: coloured only when chance does not explain the difference. */
function Delta({ point }: { point: Trend["series"][number] | undefined }) {
  const before = point?.previous?.value ?? null;
  if (!point?.verdict || before === null || point.value === null) return <span className="caption">No score before to compare with</span>;
  const difference = point.value - before;
  const { tone, words } = CHANGES[point.verdict];
  const Icon = difference > 0 ? ArrowUp : difference < 0 ? ArrowDown : ArrowRight;
  return (
    <span className={`delta ${tone}`}>
      <Icon className="i" aria-hidden />
      {Math.abs(difference)} against the survey before ({signed(before)}), {words}
    </span>
  );
}

function TrendTable({ points }: { points: (Trend["series"][number] & { label: string })[] }) {
  const rows = points.map((point) => ({
    key: point.surveyId,
    cells: {
      month: point.label,
      nps: point.value === null ? undefined : <span className="strong">{signed(point.value)}</span>,
      interval: typeof point.low !== "number" || typeof point.high !== "number" ? undefined : `${signed(point.low)} to ${signed(point.high)}`,
      n: point.n || undefined,
      rate: point.responseRate === undefined ? undefined : `${Math.round(point.responseRate * 100)} %`,
    },
  }));
  const columns = [
    { key: "month", title: "Month" },
    { key: "nps", title: "NPS", align: "end" as const },
    { key: "interval", title: "95 % interval" },
    { key: "n", title: "Answers", align: "end" as const },
    { key: "rate", title: "Answered", align: "end" as const },
  ];
  return <Table caption="NPS by month" columns={columns} rows={rows} />;
}
