import { dateFormat } from "@/lib/core/date-format";

const DAY_MS = 86_400_000;
/** Hour of the day at which a survey opens by itself. */
const OPENING_HOUR = 9;

interface Parts {
  year: number;
  month: number;
  day: number;
}

function partsIn(at: Date, timeZone: string): Parts {
  const parts = dateFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { year: number("year"), month: number("month"), day: number("day") };
}

const two = (n: number) => String(n).padStart(2, "0");

/** The day in the zone: `2026-11-24`. */
export function dayOf(at: Date, timeZone: string): string {
  const { year, month, day } = partsIn(at, timeZone);
  return `${year}-${two(month)}-${two(day)}`;
}

/** The month in the zone: `2026-11`. */
export function periodOf(at: Date, timeZone: string): string {
  return dayOf(at, timeZone).slice(0, 7);
}

/** `November 2026`, with the number of the round from the second on. */
export function titleOf(period: string, round = 1): string {
  const name = dateFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${period}-15T00:00:00Z`));
  return round > 1 ? `${name} (${round})` : name;
}

/** The first opening after `now`: 9:00 in the zone on the given day of a month that is not taken yet. */
export function nextOpening(day: number, timeZone: string, now: Date, taken: Set<string>): { period: string; opensAt: Date } {
  const { year, month } = partsIn(now, timeZone);
  for (let ahead = 0; ; ahead++) {
    const first = new Date(Date.UTC(year, month - 1 + ahead, 1));
    const period = first.toISOString().slice(0, 7);
    const opensAt = momentIn(timeZone, first.getUTCFullYear(), first.getUTCMonth(), day);
    if (opensAt > now && !taken.has(period)) return { period, opensAt };
  }
}

function momentIn(timeZone: string, year: number, month: number, day: number): Date {
  const asUtc = Date.UTC(year, month, day, OPENING_HOUR);
  const shown = dateFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(new Date(asUtc));
  const number = (type: string) => Number(shown.find((part) => part.type === type)?.value);
  const local = Date.UTC(number("year"), number("month") - 1, number("day"), number("hour"), number("minute"));
  return new Date(asUtc - (local - asUtc));
}

/** When a survey that opens at the moment closes, after so many days. */
export function closingOf(opensAt: Date, days: number): Date {
  return new Date(opensAt.getTime() + days * DAY_MS);
}

/** Whole days since. */
export function daysSince(at: Date, now: Date): number {
  return Math.floor((now.getTime() - at.getTime()) / DAY_MS);
}
