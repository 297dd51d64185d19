import type { Question } from "./contract-items";

export interface Ranges {
  /** Mean of the numbers that stand for the chosen ranges, to two places; null without answers. */
  mean: number | null;
  /** The number that stands for the middle answer: of two middle ones their mean. */
  median: number | null;
  /** Label of the range in which the middle answer lies: of two middle ones the lower. */
  bucket: string | null;
  /** Answers that named a range; “does not apply” counts for nothing. */
  n: number;
}

/** What the counts of a number-range or rating question come to, by the `worth` of its options. */
export function rangesOf(question: Pick<Question, "options"> | undefined, counts: Record<string, number>): Ranges {
  const ranges = (question?.options ?? [])
    .flatMap(({ value, label, worth }) => (worth === undefined ? [] : [{ label, worth, n: counts[value] ?? 0 }]))
    .sort((a, b) => a.worth - b.worth);
  const n = ranges.reduce((sum, range) => sum + range.n, 0);
  if (n === 0) return { mean: null, median: null, bucket: null, n: 0 };
  const inOrder = ranges.flatMap((range) => Array<(typeof ranges)[number]>(range.n).fill(range));
  const [low, high] = [inOrder[Math.floor((n - 1) / 2)], inOrder[Math.ceil((n - 1) / 2)]];
  const mean = ranges.reduce((sum, range) => sum + range.n * range.worth, 0) / n;
  return { mean: Math.round(mean * 100) / 100, median: ((low?.worth ?? 0) + (high?.worth ?? 0)) / 2, bucket: low?.label ?? null, n };
}

/** Share of the answers with a range that stands for more than the limit, 0–1, of those that named a range; null without any. */
export function shareAbove(question: Pick<Question, "options"> | undefined, counts: Record<string, number>, limit: number): number | null {
  const { n } = rangesOf(question, counts);
  const above = (question?.options ?? []).reduce((sum, { value, worth }) => sum + (worth !== undefined && worth > limit ? (counts[value] ?? 0) : 0), 0);
  return n === 0 ? null : above / n;
}
