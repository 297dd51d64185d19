/** `12 ms`, `1.3 s`; an em dash for nothing. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return "—";
  if (ms < 0.005) return "0 ms";
  if (ms < 1) return `${Math.max(0.01, ms).toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `0.4 %`; an em dash where nothing was asked. */
export const percent = (share: number | null): string => (share === null ? "—" : `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`);
