import { BAND_WORDS, BANDS, type Band } from "@/lib/surveys/contract";

const CLASSES: Record<Band, string> = { promoters: "n0", passives: "n1", detractors: "n2" };

type Counts = Record<string, number>;

/** Shares of promoters, passives and detractors as one bar. */
export function BandBar({ counts }: { counts: Counts }) {
  const words = BANDS.map((band) => `${counts[band] ?? 0} ${band}`).join(", ");
  return (
    <span className="nbar" role="img" aria-label={words} title={words}>
      {BANDS.map((band) => (counts[band] ? <i key={band} className={CLASSES[band]} style={{ flex: counts[band] }} /> : null))}
    </span>
  );
}

export function BandFacts({ counts }: { counts: Counts }) {
  const n = BANDS.reduce((sum, band) => sum + (counts[band] ?? 0), 0);
  return (
    <dl className="facts three mt-1">
      {BANDS.map((band) => (
        <div key={band} className="contents">
          <dt className="nleg">
            <i className={CLASSES[band]} />
            {BAND_WORDS[band]}
          </dt>
          <dd className="right">{counts[band] ?? 0}</dd>
          <dd className="right muted">{Math.round((100 * (counts[band] ?? 0)) / Math.max(1, n))} %</dd>
        </div>
      ))}
    </dl>
  );
}
