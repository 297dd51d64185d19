import type { Deployment } from "@/lib/environments/contract";

const TONES: Partial<Record<Deployment["status"], string>> = { succeeded: "success", failed: "danger" };

/** The last deployments as blazes, oldest first: green succeeded, outlined rolled back, red failed. */
export function BlazeStrip({ items, what }: { items: Deployment[]; what: string }) {
  const ended = items.filter((one) => TONES[one.status]).reverse();
  if (ended.length === 0) return null;
  const failed = ended.filter((one) => one.status === "failed").length;
  const back = ended.filter((one) => one.status === "succeeded" && one.kind === "rollback").length;
  const label = `Last ${ended.length} deployments, ${failed} failed, ${back} rolled back`;
  return (
    <span className="line muted">
      Last {ended.length}, {what}
      <span className="blazes" role="img" aria-label={label} title={label}>
        {ended.map((one) => (
          <i key={one.id} className={one.status === "succeeded" && one.kind === "rollback" ? "back" : TONES[one.status]} />
        ))}
      </span>
    </span>
  );
}
