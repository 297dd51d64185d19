import { dateFormat } from "@/lib/core/date-format";

const MONTHS = 12;

/** `Nov 26` */
export const monthName = (iso: string) => `${dateFormat("en-GB", { month: "long", timeZone: "UTC" }).format(new Date(iso)).slice(0, 3)} ${iso.slice(2, 4)}`;

/** The last twelve surveys with a name on the axis; a second survey of one month is numbered, so that each has a place of its own. */
export function monthLabels<T extends { from: string }>(series: T[]): (T & { label: string })[] {
  return series.slice(-MONTHS).map((point, index, all) => {
    const earlier = all.slice(0, index).filter((other) => other.from === point.from).length;
    return { ...point, label: `${monthName(point.from)}${earlier ? ` (${earlier + 1})` : ""}` };
  });
}
