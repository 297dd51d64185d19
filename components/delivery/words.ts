import { dateFormat } from "@/lib/core/date-format";
import type { Annotation, Metric, MetricDefinition, MetricGrain, MetricPoint, WebhookType } from "@/lib/metrics/contract";

/** Kinds of senders by name. */
export const TYPE_WORDS: Record<WebhookType, string> = { github: "GitHub", pagerduty: "PagerDuty", alertmanager: "Alertmanager", grafana: "Grafana", argocd: "Argo CD" };

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Seconds as people say a lead time: `35 min`, `17.8 h`, `4.2 d`. */
export function leadWords(seconds: number | null): { value: string; unit: string } {
  if (seconds === null) return { value: "—", unit: "" };
  if (seconds < 10 * 60 && seconds > 0) return seconds < 60 ? { value: seconds.toFixed(seconds < 10 ? 1 : 0), unit: "s" } : { value: (seconds / 60).toFixed(1), unit: "min" };
  if (seconds < HOUR) return { value: String(Math.round(seconds / 60)), unit: "min" };
  if (seconds < 4 * DAY) return { value: (seconds / HOUR).toFixed(1), unit: "h" };
  return { value: (seconds / DAY).toFixed(1), unit: "d" };
}

export const lead = (seconds: number | null): string => {
  const { value, unit } = leadWords(seconds);
  return unit ? `${value} ${unit}` : value;
};

/** `0.4 s`, `12 s`, `3.1 min`: seconds of machines. */
export const secondsWords = (seconds: number): string => lead(Math.max(seconds, 0.05));

/** Deployments per day as a number per week: whole from ten on. */
export function perWeek(perDay: number | null): string {
  if (perDay === null) return "—";
  const week = perDay * 7;
  return week >= 10 ? String(Math.round(week)) : week.toFixed(1);
}

const dayFormat = (timeZone: string, options: Intl.DateTimeFormatOptions) => dateFormat("en-GB", { timeZone, ...options });

/** The day of the organisation's zone that a bucket begins with, for addresses: `2026-11-16`. */
export const dayKey = (iso: string, timeZone: string): string => dateFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(iso));

/** What happened in a bucket. */
export function happenedIn({ from, to }: { from: string; to: string }, annotations: Annotation[], timeZone: string): Annotation[] {
  const [first, next] = [dayKey(from, timeZone), dayKey(to, timeZone)];
  return annotations.filter(({ day }) => day >= first && day < next);
}

/** `16 to 22 Nov`, `16 Nov`, `November 2026`. */
export function periodWords({ from, to }: { from: string; to: string }, grain: MetricGrain, timeZone: string): string {
  const first = new Date(from);
  if (grain === "month") return dayFormat(timeZone, { month: "long", year: "numeric" }).format(first);
  const day = dayFormat(timeZone, { day: "numeric", month: "short" });
  if (grain === "day") return day.format(first);
  const last = new Date(Date.parse(to) - 1);
  const sameMonth = dayFormat(timeZone, { month: "numeric" }).format(first) === dayFormat(timeZone, { month: "numeric" }).format(last);
  return sameMonth ? `${dayFormat(timeZone, { day: "numeric" }).format(first)} to ${day.format(last)}` : `${day.format(first)} to ${day.format(last)}`;
}

/** `24 Nov 2025 to 23 Nov 2026, UTC`: the days a window holds. */
export function windowWords({ from, to, timeZone }: Metric["window"]): string {
  const day = dayFormat(timeZone, { day: "numeric", month: "short", year: "numeric" });
  return `${day.format(new Date(from))} to ${day.format(new Date(Date.parse(to) - 1))}, ${timeZone}`;
}

export const axisWords = (iso: string, grain: MetricGrain, timeZone: string): string =>
  dayFormat(timeZone, grain === "day" ? { day: "numeric", month: "short" } : { month: "short" }).format(new Date(iso));

/** `Mon 23 Nov, 13:31` */
export const momentWords = (iso: string, timeZone: string): string =>
  dayFormat(timeZone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

export const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

const WEEK_DAYS = 7;

/** A share as a percentage: `14.3 %`, whole from ten on. */
const percent = (share: number): string => `${share * 100 >= 10 ? Math.round(share * 100) : (share * 100).toFixed(1)} %`;

/** A difference or a value of a measure, in its unit. */
export function inUnit(unit: string, value: number | null): string {
  if (value === null) return "—";
  if (unit === "share") return percent(value);
  if (unit === "per-day") return perWeek(value);
  return unit === "hours per day" ? `${value.toFixed(1)} h` : lead(value);
}

/** The headline of a measure. A rate over less than a week says what happened instead: nobody deploys seven times a week after one deployment on one day. */
export function headline({ unit, summary }: Pick<Metric, "unit" | "summary">): { value: string; unit: string } {
  const { value, days, count } = summary;
  if (unit === "per-day" && value !== null && days !== undefined && days < WEEK_DAYS) return { value: String(count ?? 0), unit: days === 1 ? "since today" : `in ${days} days` };
  if (unit === "per-day") return { value: perWeek(value), unit: value === null ? "" : "a week" };
  if (unit === "share" || value === null) return { value: inUnit(unit, value), unit: "" };
  return unit === "hours per day" ? { value: value.toFixed(1), unit: "h a day" } : leadWords(value);
}

/** A point of a measure in words. */
export function pointWords(definition: MetricDefinition, { value, n, count, low, high, p90 }: MetricPoint): string {
  if (definition.unit === "per-day") return value === null ? "nothing reported" : counted(n, "deployment");
  if (value === null) return count ? counted(count, definition.one) : "no data";
  if (definition.unit === "share") return `${percent(value)} (${percent(low ?? value)} to ${percent(high ?? value)}), ${count ?? 0} of ${n}`;
  return `${lead(value)}${typeof p90 === "number" && n > 1 ? `, 9 of 10 within ${lead(p90)}` : ""}, ${counted(n, definition.one)}`;
}

const HOURS = (seconds: number) => Math.round((seconds / HOUR) * 10) / 10;
/** How far two values of a measure are apart. */
export const apart = (unit: string, difference: number): string => (unit === "share" ? `${(difference * 100).toFixed(1)} points` : inUnit(unit, difference));

const MINUTES = (seconds: number) => Math.round(seconds / 6) / 10;

/** What a chart draws of a measure: values in one unit for all of its points, which the axis names. */
export function drawn(
  definition: MetricDefinition,
  series: MetricPoint[],
): { axis: string; points: { value: number | null; low: number | null; high: number | null; rework: number }[] } {
  const { unit } = definition;
  const isShort = unit === "seconds" && series.every((point) => (point.value ?? 0) < 2 * HOUR);
  const scale = unit === "share" ? (value: number) => Math.round(value * 1000) / 10 : isShort ? MINUTES : unit === "seconds" ? HOURS : (value: number) => value;
  const scaled = (value: number | null | undefined) => (typeof value === "number" ? scale(value) : null);
  return {
    axis: unit === "share" ? "%" : isShort ? "min" : unit === "seconds" ? "h" : "",
    points: series.map((point) => ({
      value: unit === "per-day" ? (point.value === null ? null : point.n) : scaled(point.value),
      low: definition.chart === "line" ? scaled(point.value) : scaled(point.low),
      high: definition.chart === "line" ? scaled(point.p90) : scaled(point.high),
      rework: point.rework ?? 0,
    })),
  };
}
