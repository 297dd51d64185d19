/** How far a service is behind its golden path, in words. */
export function Behind({ behind }: { behind: number | null }) {
  if (behind === null) return <span className="muted">Not known</span>;
  if (behind === 0) return <span>Up to date</span>;
  return (
    <span className="t-warning">
      {behind} {behind === 1 ? "version" : "versions"} behind
    </span>
  );
}
