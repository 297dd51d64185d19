import type { ScorecardSummary } from "@/lib/scorecards/contract";
import { distributionWords, inkShare, stepNames } from "./words";

type Props = Pick<ScorecardSummary, "levels" | "distribution">;

/** How entities are spread over the levels as one bar, the highest first. */
export function LevelBar({ levels, distribution }: Props) {
  const words = distributionWords({ levels, distribution });
  return (
    <span className="level-bar" role="img" aria-label={words} title={words}>
      {stepNames(levels)
        .map((name, index) => (distribution[index] ? <i key={name} style={{ flex: distribution[index], background: inkOf(index, levels.length) }} /> : null))
        .reverse()}
    </span>
  );
}

const inkOf = (index: number, of: number) => `color-mix(in srgb, var(--chart-1) ${Math.round(inkShare(index, of) * 100)}%, var(--surface))`;

/** The same as numbers: a link per level, with its change in four weeks. */
export function LevelFacts({ levels, distribution, before, href, current }: Props & { before: number[] | null; href: (level: string) => string; current: string | undefined }) {
  const total = distribution.reduce((sum, n) => sum + n, 0);
  const rows = stepNames(levels).map((title, index) => ({ title, index, name: levels[index - 1]?.name ?? "none", n: distribution[index] ?? 0, was: before?.[index] ?? null }));
  return (
    <ul className="level-facts">
      {rows.reverse().map(({ title, index, name, n, was }) => (
        <li key={name}>
          <i style={{ background: inkOf(index, levels.length) }} aria-hidden />
          <a href={href(name)} aria-current={current === name || undefined}>
            {title}
          </a>
          <span className="strong right">{n}</span>
          <span className="muted right">{total ? `${Math.round((100 * n) / total)} %` : "—"}</span>
          <span className="caption right">{was === null ? "" : n === was ? "as 4 weeks ago" : `${n > was ? "+" : "−"}${Math.abs(n - was)} in 4 weeks`}</span>
        </li>
      ))}
    </ul>
  );
}
