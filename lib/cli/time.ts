const MINUTE = 60_000;

/** `2026-11-26 14:03 UTC` of an ISO time. */
export function readable(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** How long until an ISO time, to the nearest unit that fits: `in 48 h`; `now` for one that has passed. */
export function timeLeft(iso: string, now = Date.now()): string {
  const minutes = (Date.parse(iso) - now) / MINUTE;
  if (minutes <= 0) return "now";
  if (minutes >= 3 * 1440) return `in ${Math.round(minutes / 1440)} d`;
  if (minutes >= 120) return `in ${Math.round(minutes / 60)} h`;
  return minutes >= 1 ? `in ${Math.round(minutes)} min` : "in under a minute";
}

/** `2026-11-26 14:03 UTC (in 48 h)`. */
export const readableWithLeft = (iso: string) => `${readable(iso)} (${timeLeft(iso)})`;
