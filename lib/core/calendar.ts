import { dateFormat } from "./date-format";

// Days are days of the organisation's time zone, written as `2026-03-02`.

const DAY_MS = 86_400_000;
const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The day some days later. */
export const addDays = (day: string, days: number): string => new Date(utc(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The day that a moment falls on in a time zone. */
export function dayOf(at: Date, timeZone: string): string {
  return dateFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** The first moment of a day in a time zone; days with a change to or from summer time have 23 or 25 hours. */
export function startOfDay(day: string, timeZone: string): Date {
  const parts = dateFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const offsetAt = (ms: number) => {
    const name = parts.formatToParts(new Date(ms)).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d{2}):?(\d{2})?/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  const guess = utc(day) - offsetAt(utc(day));
  return new Date(utc(day) - offsetAt(guess));
}
