import type { ReactNode } from "react";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { dateFormat } from "@/lib/core/date-format";
import { DEFINITIONS, type DeliveryReport, isMetric, type Metric, type MetricSummary } from "@/lib/metrics/contract";
import { Verdict } from "./verdict";
import { apart, counted, dayKey, headline, inUnit, lead, momentWords, windowWords } from "./words";

interface Props {
  report: DeliveryReport;
  nps: (MetricSummary & { responseRate?: number }) | null;
  /** Opens this very report. */
  link: string;
  actions: ReactNode;
}

const MAX_HAPPENED = 12;
const monthWords = (month: string) => dateFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
const signed = (value: number) => (value > 0 ? `+${value}` : String(value).replace("-", "−"));

/** A month of a group on one page of paper: the measures, the year, what happened, what is missing. */
export function MonthlyReport({ report, nps, link, actions }: Props) {
  const { node, data, month, isPartial, metrics, year, annotations, lacking } = report;
  const [first] = metrics;
  if (!first) return null;
  const { timeZone } = first.window;
  return (
    <article className="report">
      <PageHead
        title={`${node.title}, ${monthWords(month)}`}
        sub={`Delivery to production, ${windowWords(first.window)}${isPartial ? ", the month is in progress" : ""}.${data === "demo" ? " Made-up data of the demo company." : ""}`}
        actions={<span className="line no-print">{actions}</span>}
      />
      <Table caption="Measures of the month" columns={MEASURE_COLUMNS} rows={[...metrics.map(measureRow), ...npsRow(nps)]} />
      <section className="mt-6">
        <SectionHead title="Twelve months" />
        <Table caption="Lead time and deployments by month" columns={YEAR_COLUMNS} rows={yearRows(year, timeZone)} />
      </section>
      <section className="mt-6">
        <SectionHead title="What happened" aside={annotations.length > MAX_HAPPENED ? `the latest ${MAX_HAPPENED} of ${annotations.length}` : undefined} />
        {annotations.length ? (
          <ul className="stack-2">
            {annotations.slice(0, MAX_HAPPENED).map(({ day, text }) => (
              <li key={`${day} ${text}`}>
                <span className="mono">{day}</span> {text}
              </li>
            ))}
          </ul>
        ) : (
          <p className="muted">Nothing was marked in this month.</p>
        )}
      </section>
      <p className="caption mt-6">
        {lacking.services
          ? `${lacking.services} of ${counted(lacking.of, "service")} lack something; the data doctor says what. `
          : `Nothing is missing for ${counted(lacking.of, "service")}. `}
        Compared with the same number of days before; within chance means that the 95 % intervals do not tell the two apart. Per team and service, never per person, and for no
        ranking. Formulas stand beside each figure on the page Delivery. Made {momentWords(report.madeAt, timeZone)} {timeZone}, from {link}.
      </p>
    </article>
  );
}

/** A figure with the word that its column has: on a phone there are no columns. */
const named = (word: string, value: ReactNode) =>
  value === null || value === undefined ? null : (
    <span>
      <span className="muted phone">{word} </span>
      {value}
    </span>
  );

const MEASURE_COLUMNS = [
  { key: "measure", title: "Measure" },
  { key: "value", title: "This month", align: "end" as const },
  { key: "interval", title: "95 % interval", align: "end" as const },
  { key: "before", title: "Before", align: "end" as const },
  { key: "change", title: "Change" },
  { key: "n", title: "Of", align: "end" as const },
];

function measureRow(metric: Metric) {
  const { summary, unit } = metric;
  const { low, high, previous, insufficient } = summary;
  const definition = DEFINITIONS[isMetric(metric.metric) ? metric.metric : "lead-time"];
  const { value, unit: words } = headline(metric);
  return {
    key: metric.metric,
    cells: {
      measure: <span className="strong">{definition.title}</span>,
      value: summary.value === null ? "—" : `${summary.approximate ? "≈ " : ""}${value} ${words}`,
      interval: named("95 % interval", typeof low === "number" && typeof high === "number" && summary.value !== null ? `${inUnit(unit, low)} to ${inUnit(unit, high)}` : null),
      before: named("Before", previous && previous.value !== null ? inUnit(unit, previous.value) : null),
      change: insufficient ? (
        <span className="muted whitespace-normal">{insufficient}</span>
      ) : previous && summary.verdict ? (
        <Verdict summary={summary} words={(difference) => apart(unit, difference)} />
      ) : null,
      n: named("Of", counted(summary.n, definition.one)),
    },
  };
}

function npsRow(nps: Props["nps"]) {
  if (!nps) return [];
  const { value, low, high, n, insufficient, responseRate } = nps;
  const cells = {
    measure: <span className="strong">Developer NPS</span>,
    value: value === null ? "—" : signed(value),
    interval: named("95 % interval", typeof low === "number" && typeof high === "number" ? `${signed(low)} to ${signed(high)}` : null),
    before: named("Before", nps.previous && nps.previous.value !== null ? signed(nps.previous.value) : null),
    change: insufficient ? (
      <span className="muted whitespace-normal">{insufficient}</span>
    ) : responseRate === undefined ? null : (
      <span className="muted">{Math.round(responseRate * 100)} % answered</span>
    ),
    n: named("Of", counted(n, "answer")),
  };
  return [{ key: "nps", cells }];
}

const YEAR_COLUMNS = [
  { key: "month", title: "Month" },
  { key: "lead", title: "Lead time, median", align: "end" as const },
  { key: "p90", title: "90th percentile", align: "end" as const },
  { key: "changes", title: "Changes", align: "end" as const },
  { key: "deployments", title: "Deployments", align: "end" as const },
];

function yearRows({ leadTime, frequency }: DeliveryReport["year"], timeZone: string) {
  return leadTime.series.map((point, index) => ({
    key: point.from,
    cells: {
      month: `${monthWords(dayKey(point.from, timeZone).slice(0, 7))}${point.partial ? ", in progress" : ""}`,
      lead: point.value === null ? <span className="muted">No data</span> : lead(point.value),
      p90: named("90th percentile", typeof point.p90 === "number" ? lead(point.p90) : null),
      changes: named("Changes", point.n),
      deployments: named("Deployments", frequency.series[index]?.value === null ? <span className="muted">not reported</span> : frequency.series[index]?.n),
    },
  }));
}
