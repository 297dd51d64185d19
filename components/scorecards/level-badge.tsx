import { Blazes } from "@/components/ui/blazes";
import type { LevelReached } from "@/lib/scorecards/contract";

/** A level: n of the scorecard's steps, and its word. */
export function LevelMark({ level, of }: { level: LevelReached; of?: string }) {
  const words = `${of ? `${of}: ` : ""}${level.title}, ${level.index} of ${level.of} levels`;
  return (
    <span className="level" title={words}>
      <Blazes on={level.index} of={level.of} label={words} />
      <span className={level.index === 0 ? "muted" : undefined}>{level.title}</span>
    </span>
  );
}
