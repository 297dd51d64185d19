import { timeLeft } from "@/lib/core/format";

/** How long something still has, as words and as a share of what it was given. */
export function TimeLeft({ expiresAt, ttlMinutes, now }: { expiresAt: string | null; ttlMinutes: number | null; now: string }) {
  if (!expiresAt) return <span className="muted">—</span>;
  const { words, share, tone } = timeLeft(expiresAt, ttlMinutes, now);
  return (
    <span className="time-left">
      <span className="nowrap">{words}</span>
      <Bar share={share} tone={tone} label={`${words} left`} />
    </span>
  );
}

export function Bar({ share, tone, label, tall = false }: { share: number; tone: "calm" | "warning" | "danger"; label: string; tall?: boolean }) {
  return (
    <span className={`bar ${tone === "calm" ? "" : tone} ${tall ? "tall" : ""}`} role="img" aria-label={label}>
      <i style={{ width: `${Math.round(Math.min(1, Math.max(0.02, share)) * 100)}%` }} />
    </span>
  );
}
