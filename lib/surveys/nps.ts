import type { Band, Nps } from "./contract";

const Z95 = 1.96;

interface Adjusted {
  share: number;
  error: number;
}

// Adjusted Wald interval (Rocks 2016, as recommended by measuringu.com): ¾ promoter, ¾ detractor and 3 answers are added.
function adjusted({ promoters, passives, detractors }: Record<Band, number>): Adjusted {
  const n = promoters + passives + detractors + 3;
  const share = (promoters - detractors) / n;
  const spread = (promoters + detractors + 1.5) / n - share ** 2;
  return { share, error: Math.sqrt(Math.max(0, spread)) / Math.sqrt(n) };
}

const clip = (value: number) => Math.max(-100, Math.min(100, Math.round(value * 100)));

/** Net promoter score, promoters less detractors in percent of `n`, with its 95 % adjusted Wald interval; null without answers. */
export function npsOf(bands: Record<Band, number>): Nps | null {
  const n = bands.promoters + bands.passives + bands.detractors;
  if (n === 0) return null;
  const { share, error } = adjusted(bands);
  return { value: clip((bands.promoters - bands.detractors) / n) + 0, low: clip(share - Z95 * error) + 0, high: clip(share + Z95 * error) + 0, n };
}

/** Better or worse when the 95 % interval of the difference leaves out 0, else within chance. */
export function npsChange(before: Record<Band, number>, after: Record<Band, number>): "better" | "worse" | "within-chance" {
  const [a, b] = [adjusted(before), adjusted(after)];
  const margin = Z95 * Math.hypot(a.error, b.error);
  const difference = b.share - a.share;
  if (Math.abs(difference) <= margin) return "within-chance";
  return difference > 0 ? "better" : "worse";
}

/** The band of one answer from 0 to 10. */
export function bandOf(score: number): Band {
  return score >= 9 ? "promoters" : score >= 7 ? "passives" : "detractors";
}
