import { DomainError } from "./errors";

const MINUTES = { m: 1, h: 60, d: 1440 } as const;
const PATTERN = /^(\d{1,6})(m|h|d)$/;

/** Minutes of a duration `<n>m|h|d` such as `48h`. Throws DomainError("invalid") for anything else, zero included. */
export function parseDuration(text: string): number {
  const [, digits = "", unit = ""] = PATTERN.exec(text.trim()) ?? [];
  const minutes = Number(digits) * (MINUTES[unit as keyof typeof MINUTES] ?? 0);
  if (!minutes) throw new DomainError("invalid", `"${text.slice(0, 40)}" is not a duration. Use a number above 0 and m, h or d: for example 30m, 48h or 7d.`);
  return minutes;
}

/** The shortest way to write a number of minutes: 2880 → `48h`, 10080 → `7d`, 90 → `90m`. */
export function formatDuration(minutes: number): string {
  if (minutes >= 3 * MINUTES.d && minutes % MINUTES.d === 0) return `${minutes / MINUTES.d}d`;
  if (minutes % MINUTES.h === 0) return `${minutes / MINUTES.h}h`;
  return `${minutes}m`;
}
