import { Link } from "@/components/ui/link";
import type { LevelBadge } from "@/lib/scorecards/contract";
import { LevelMark } from "./level-badge";

/** Levels of an entity with the way to what they add up from; in lists the first, and how many more. */
export function EntityLevels({ levels, href, compact = false }: { levels: LevelBadge[]; href: string; compact?: boolean }) {
  const shown = compact ? levels.slice(0, 1) : levels;
  return shown.map(({ scorecard, title, level }) => (
    <Link key={scorecard} className="line" href={href} title={title}>
      {compact ? null : <span>{title}</span>}
      <LevelMark level={level} of={title} />
      {compact && levels.length > 1 ? <span className="caption">+{levels.length - 1}</span> : null}
    </Link>
  ));
}
