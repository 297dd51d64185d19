import { dateFormat } from "./date-format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 h ago`, `in 5 min`, `just now`. Both moments in epoch milliseconds. */
export function relativeTime(atMs: number, nowMs: number): string {
  const gap = Math.abs(nowMs - atMs);
  if (gap < 5_000) return "just now";
  const words =
    gap < MINUTE ? `${Math.round(gap / 1000)} s` : gap < HOUR ? `${Math.floor(gap / MINUTE)} min` : gap < 2 * DAY ? `${Math.floor(gap / HOUR)} h` : `${Math.floor(gap / DAY)} d`;
  return atMs <= nowMs ? `${words} ago` : `in ${words}`;
}

/** `24 Nov 2026, 14:38:22 UTC` */
export function absoluteTime(iso: string): string {
  return `${dateFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" }).format(new Date(iso))} UTC`;
}

/** `0.8 s`, `1 min 20 s`; an em dash for nothing. */
export function duration(ms: number | null): string {
  if (ms === null) return "—";
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / 1000)} s`;
}

/** `1 d 6 h`, `1 h 50 min`, `42 s`. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** What is left until `expiresAt`: in words, as a share of the lifetime, and how urgent (under 3 h, under 15 min). */
export function timeLeft(expiresAt: string, ttlMinutes: number | null, now: string): { words: string; share: number; tone: "calm" | "warning" | "danger" } {
  const ms = Date.parse(expiresAt) - Date.parse(now);
  const share = ttlMinutes ? ms / (ttlMinutes * MINUTE) : 1;
  return { words: ms <= 0 ? "Ended" : span(ms), share, tone: ms < 15 * MINUTE ? "danger" : ms < 3 * HOUR ? "warning" : "calm" };
}

/** `AL` for Ada Lind. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words[0]?.[0] ?? "?"}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

/** `27 November 2026` of an ISO date or moment, by UTC; with the weekday on request. */
export function day(iso: string, weekday = false): string {
  return dateFormat("en-GB", { ...(weekday ? { weekday: "long" as const } : {}), day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(iso));
}

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** `0 B`, `3.4 MB`, `12 GB`: bytes in steps of 1000. */
export function byteSize(bytes: number): string {
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${SIZES[step]}`;
}
