import { Link } from "@/components/ui/link";
import { type Annotation, DEFINITIONS, type Metric, type MetricName } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";
import { HowComputed } from "./how-computed";
import { Trend } from "./trend";
import { Verdict } from "./verdict";
import { apart, axisWords, counted, dayKey, drawn, happenedIn, headline, periodWords, pointWords } from "./words";

interface Props {
  metric: Metric;
  name: MetricName;
  address: DeliveryAddress;
  /** First day of the selected point. */
  selected: string | null;
  annotations: Annotation[];
}

/** Headline, the period before, the course, n and the formula of one metric. */
export function MetricTile({ metric, name, address, selected, annotations }: Props) {
  const { summary, series, window, grain } = metric;
  const definition = DEFINITIONS[name];
  const { value, unit } = headline(metric);
  const isOn = address.metric === name;
  const drawing = drawn(definition, series);
  const points = series.map((point, index) => {
    const key = dayKey(point.from, window.timeZone);
    return {
      key,
      label: axisWords(point.from, grain, window.timeZone),
      title: periodWords(point, grain, window.timeZone),
      words: pointWords(definition, point),
      value: null,
      low: null,
      high: null,
      rework: 0,
      ...drawing.points[index],
      partial: point.partial,
      marks: happenedIn(point, annotations, window.timeZone).map(({ text }) => text),
      href: addressWith(address, { metric: name, at: key }),
    };
  });
  return (
    <section className={isOn ? "tile is-on" : "tile"} aria-labelledby={`tile-${name}`}>
      <Link className="t" id={`tile-${name}`} href={addressWith(address, { metric: name })} aria-current={isOn || undefined} scroll={false}>
        {definition.title}
      </Link>
      <span className="caption">
        {definition.sub}
        {name === "deployment-frequency" ? ` by ${grain}` : ""}
      </span>
      <div className="line tile-head">
        <span className="number">
          {summary.approximate ? "≈ " : null}
          {value} {unit ? <small>{unit}</small> : null}
        </span>
        {summary.insufficient ? null : <Verdict summary={summary} words={(difference) => apart(metric.unit, difference)} />}
      </div>
      {summary.insufficient ? (
        <p className="tile-gap muted">
          <span className="strong">Insufficient data.</span> {summary.insufficient}
        </p>
      ) : (
        <Trend kind={definition.chart} unit={drawing.axis} points={points} selected={isOn ? selected : null} label={`${definition.title} by ${grain}`} />
      )}
      <div className="tile-foot caption">
        <span>
          {definition.unit === "share" && !summary.insufficient
            ? `${(summary.count ?? 0).toLocaleString("en-GB")} of ${counted(summary.n, definition.one)}`
            : counted(summary.n, definition.one)}
        </span>
        <HowComputed metric={metric} />
      </div>
    </section>
  );
}
