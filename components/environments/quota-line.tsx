import type { Quota } from "@/lib/environments/contract";

/** `checkout: 3 of 10 sandboxes, 768 of 16384 MiB` */
export function QuotaLine({ quotas }: { quotas: Quota[] }) {
  const words = quotas.map(({ team, count, memoryMiB }) => `${team}: ${count.used} of ${count.limit} sandboxes, ${memoryMiB.used} of ${memoryMiB.limit} MiB`);
  return <>{words.join(" · ") || "No team, no quota"}</>;
}
