import type { Metric } from "@/lib/metrics/contract";
import { periodWords } from "./words";

/** What the chart cannot say by itself: the period in progress, and which periods have no lead time for want of commits. */
export function Gaps({ metric }: { metric: Metric }) {
  const { series, grain, window } = metric;
  const gaps = series.filter((point) => point.insufficient?.startsWith("Commits unknown"));
  const unlinked = metric.summary.leftOut?.find(({ what }) => what.startsWith("deployment"));
  const inProgress = series.at(-1)?.partial && series.some((point) => point.n > 0);
  if (!inProgress && gaps.length === 0 && !unlinked) return <div className="mb-6" />;
  const names = gaps.slice(-4).map((point) => periodWords(point, grain, window.timeZone));
  return (
    <p className="caption chart-note">
      {inProgress ? `The dashed end is the ${grain} in progress. ` : ""}
      {gaps.length > 0 ? `No lead time for ${gaps.length > 4 ? `${gaps.length} periods, the latest ` : ""}${names.join(", ")}: nobody sent the commits of what was deployed. ` : ""}
      {unlinked ? `Left out of the figure: ${unlinked.n.toLocaleString("en-GB")} ${unlinked.what}; the data doctor says how to add them.` : ""}
    </p>
  );
}
