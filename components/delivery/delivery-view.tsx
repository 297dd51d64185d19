import type { ReactNode } from "react";
import { type Dashboard, isMetric, type Metric, type MetricPoint, type MetricRows } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";
import { Behind } from "./behind";
import { DataSwitch } from "./data-switch";
import { DeliveryFilters } from "./filters";
import { Gaps } from "./gaps";
import { MetricTile } from "./metric-tile";
import { SeriesTable } from "./series-table";
import { ViewSwitch } from "./view-switch";
import { dayKey, windowWords } from "./words";

interface Props {
  dashboard: Dashboard;
  rows: MetricRows;
  point: MetricPoint;
  address: DeliveryAddress;
  /** Groups and services to choose from; none on a service's own page. */
  choices: Parameters<typeof DeliveryFilters>[0]["choices"];
  nps?: ReactNode;
  /** Tiles of the survey that were added. */
  surveyTiles?: ReactNode;
  addMeasure?: ReactNode;
  /** The list of what happened, below the charts. */
  annotations?: ReactNode;
}

const OWN_CHOICES = {
  span: [
    { value: "12m", label: "12 months" },
    { value: "6m", label: "6 months" },
    { value: "3m", label: "3 months" },
  ],
  by: [
    { value: "week", label: "Week" },
    { value: "month", label: "Month" },
    { value: "day", label: "Day" },
  ],
};

/** The metric whose rows are shown; one that is not on the page gives way to lead time. */
export function metricShown({ leadTime, frequency, more }: Dashboard, { metric }: DeliveryAddress): Metric {
  return [frequency, ...more].find((one) => one.metric === metric) ?? leadTime;
}

/** The point that the address selects, else the latest with something behind it. */
export function selectedPoint(dashboard: Dashboard, address: DeliveryAddress): MetricPoint | undefined {
  const { series, window } = metricShown(dashboard, address);
  return series.find((point) => dayKey(point.from, window.timeZone) === address.at) ?? series.findLast((point) => point.n > 0) ?? series.at(-1);
}

/** Filters, tiles, the figures as chart or table, and the rows behind the selected point. */
export function DeliveryView({ dashboard, rows, point, address, choices, nps, surveyTiles, addMeasure, annotations }: Props) {
  const { leadTime, frequency } = dashboard;
  const selected = dayKey(point.from, leadTime.window.timeZone);
  const tile = { address, selected, annotations: dashboard.annotations };
  const all = [
    ...choices,
    { label: "Window", name: "span" as const, value: address.span, options: OWN_CHOICES.span },
    { label: "By", name: "by" as const, value: address.by, options: OWN_CHOICES.by },
  ];
  return (
    <>
      <DataSwitch dashboard={dashboard} address={address} />
      <DeliveryFilters address={address} choices={all}>
        <span className="count desk">{windowWords(leadTime.window)}</span>
        {addMeasure}
        <ViewSwitch view={address.view} chartHref={addressWith(address, { view: "chart" })} tableHref={addressWith(address, { view: "table" })} />
      </DeliveryFilters>
      <div className={nps ? "tiles" : "tiles two"}>
        <MetricTile metric={leadTime} name="lead-time" {...tile} />
        <MetricTile metric={frequency} name="deployment-frequency" {...tile} />
        {nps}
      </div>
      {dashboard.more.length || surveyTiles ? (
        <div className="tiles more">
          {dashboard.more.map((metric) => (isMetric(metric.metric) ? <MetricTile key={metric.metric} metric={metric} name={metric.metric} {...tile} /> : null))}
          {surveyTiles}
        </div>
      ) : null}
      <Gaps metric={leadTime} />
      {annotations}
      {address.view === "table" ? (
        <section className="mb-6">
          <SeriesTable dashboard={dashboard} address={{ ...address, at: selected }} />
        </section>
      ) : null}
      <Behind metric={metricShown(dashboard, address)} point={point} rows={rows} address={{ ...address, at: selected }} />
    </>
  );
}
