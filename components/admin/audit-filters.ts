const HOUR_MS = 3_600_000;

/** Nouns of the abilities; one stands for all that begin with it. */
export const AUDIT_NOUNS = [
  { value: "environment", label: "Environments" },
  { value: "run", label: "Runs" },
  { value: "session", label: "Sessions" },
  { value: "token", label: "Tokens" },
  { value: "device", label: "Command lines" },
  { value: "confirmation", label: "Confirmations" },
  { value: "user", label: "People" },
  { value: "team", label: "Teams" },
  { value: "role-rule", label: "Role rules" },
  { value: "settings", label: "Settings" },
  { value: "golden-path", label: "Golden paths" },
];

export const WINDOWS: Record<string, { label: string; hours: number }> = {
  "1h": { label: "Last hour", hours: 1 },
  "24h": { label: "Last 24 hours", hours: 24 },
  "7d": { label: "Last 7 days", hours: 7 * 24 },
  "30d": { label: "Last 30 days", hours: 30 * 24 },
};

/** Where a window begins, as ISO 8601; undefined for no window. */
export function windowStart(window: string | undefined, now: Date): string | undefined {
  const hours = window ? WINDOWS[window]?.hours : undefined;
  return hours ? new Date(now.getTime() - hours * HOUR_MS).toISOString() : undefined;
}
