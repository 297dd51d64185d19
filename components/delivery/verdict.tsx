import { ArrowDown, ArrowUp, Minus } from "lucide-react";
import type { MetricSummary } from "@/lib/metrics/contract";

const WORDS = { better: "better", worse: "worse", "within-chance": "within chance" };

/** The change against the period before. Its colour says better or worse, never up or down; grey is within chance. */
export function Verdict({ summary, words }: { summary: MetricSummary; words: (difference: number) => string }) {
  const { value, previous, verdict } = summary;
  if (value === null || !verdict || !previous || previous.value === null) return <span className="delta muted">Nothing to compare with yet</span>;
  const difference = value - previous.value;
  const Icon = difference < 0 ? ArrowDown : difference > 0 ? ArrowUp : Minus;
  const tone = verdict === "better" ? "t-success" : verdict === "worse" ? "t-danger" : "muted";
  return (
    <span className={`delta ${tone}`}>
      <Icon className="i" aria-hidden />
      <span className="sr">{difference < 0 ? "down" : "up"}</span>
      {words(Math.abs(difference))}, {WORDS[verdict]}
    </span>
  );
}
