import { addDays, dayOf, startOfDay } from "@/lib/core/calendar";
import { DomainError } from "@/lib/core/errors";

export { addDays, dayOf, startOfDay };

// Days are days of the organisation's time zone, written as `2026-03-02`; weeks begin on Monday.

export const GRAINS = ["day", "week", "month"] as const;
export type Grain = (typeof GRAINS)[number];

export interface Window {
  /** First day, and the day after the last. */
  from: string;
  to: string;
  timeZone: string;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 5 * 366;
const DEFAULT_WEEKS = 52;

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** Number of days from the first (inclusive) to the second (exclusive). */
export const daysBetween = (from: string, to: string): number => Math.round((utc(to) - utc(from)) / DAY_MS);

/** The bucket of a grain that a day lies in. */
export function bucketOf(day: string, grain: Grain): { from: string; to: string } {
  if (grain === "day") return { from: day, to: addDays(day, 1) };
  if (grain === "week") {
    const from = addDays(day, -((new Date(utc(day)).getUTCDay() + 6) % 7));
    return { from, to: addDays(from, 7) };
  }
  const from = `${day.slice(0, 7)}-01`;
  return { from, to: `${addDays(from, 31).slice(0, 7)}-01` };
}

/** All buckets that a window touches; `partial` ones reach beyond it or beyond today, and are left out of comparisons. */
export function bucketsOf({ from, to }: Window, grain: Grain, today: string): { from: string; to: string; partial: boolean }[] {
  const buckets = [];
  for (let bucket = bucketOf(from, grain); bucket.from < to; bucket = bucketOf(bucket.to, grain)) {
    buckets.push({ ...bucket, partial: bucket.from < from || bucket.to > to || bucket.to > today });
  }
  return buckets;
}

/** The same number of days right before. */
export const previousOf = ({ from, to, timeZone }: Window): Window => ({ from: addDays(from, -daysBetween(from, to)), to: from, timeZone });

/** Twelve months of whole weeks and the week in progress. Times given are rounded outward to whole days. Throws DomainError("invalid"). */
export function windowOf(given: { from?: string | undefined; to?: string | undefined }, now: Date, timeZone: string): Window {
  const tomorrow = addDays(dayOf(now, timeZone), 1);
  const to = given.to ? dayGiven("to", given.to, timeZone, true) : tomorrow;
  const from = given.from ? dayGiven("from", given.from, timeZone, false) : addDays(bucketOf(addDays(to, -1), "week").from, -7 * DEFAULT_WEEKS);
  if (from >= to)
    throw new DomainError("invalid", "The window is empty: `from` must be before `to`.", { fields: [{ path: "from", message: "Choose an earlier time than `to`." }] });
  if (daysBetween(from, to) > MAX_DAYS)
    throw new DomainError("invalid", "The window is longer than five years. Ask for less at once.", { fields: [{ path: "from", message: "Choose a later time." }] });
  return { from, to, timeZone };
}

function dayGiven(path: string, text: string, timeZone: string, roundUp: boolean): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOfValidDay(text, timeZone) : /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? new Date(text) : null;
  if (!at || Number.isNaN(at.getTime()) || at.getTime() < 0 || at.getTime() > Date.UTC(2200, 0, 1)) {
    throw new DomainError("invalid", `"${text.slice(0, 40)}" is not a time.`, {
      fields: [{ path, message: "Write a day (2026-03-02) or a time with zone (2026-03-02T08:00:00Z)." }],
    });
  }
  const day = dayOf(at, timeZone);
  return roundUp && at.getTime() > startOfDay(day, timeZone).getTime() ? addDays(day, 1) : day;
}

function startOfValidDay(text: string, timeZone: string): Date | null {
  const ms = utc(text);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : startOfDay(text, timeZone);
}
