import type { GoldenPathVersion } from "@/lib/golden-paths/contract";

const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** "12 environments, 3 services, 1 failed", or that nothing was made yet. */
export function usageWords({ environments, services, failed }: GoldenPathVersion["usage"]): string {
  if (environments + services === 0) return "not used yet";
  const parts = [environments > 0 ? counted(environments, "environment") : "", services > 0 ? counted(services, "service") : "", failed > 0 ? `${failed} failed` : ""];
  return parts.filter(Boolean).join(", ");
}
