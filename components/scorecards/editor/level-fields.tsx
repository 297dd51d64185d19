import { ArrowDown, ArrowUp, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { SectionHead } from "@/components/ui/page-head";
import { slugOf } from "@/lib/core/slug";
import type { Change, Draft } from "./draft";

const MAX_LEVELS = 6;

/** Levels in their order, the lowest first. */
export function LevelFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  const { levels, checks } = draft;
  /** A level keeps its checks when it is called otherwise. */
  const rename = (at: number, title: string) => {
    const before = levels[at];
    if (!before) return;
    const others = levels.filter((_, index) => index !== at).map(({ name }) => name);
    const wanted = slugOf(title) || before.name;
    const name = others.includes(wanted) ? before.name : wanted;
    change({
      levels: levels.map((level, index) => (index === at ? { name, title } : level)),
      checks: checks.map((check) => (check.level === before.name ? { ...check, level: name } : check)),
    });
  };
  const move = (at: number, by: 1 | -1) => {
    const after = [...levels];
    const [moved] = after.splice(at, 1);
    if (moved) after.splice(at + by, 0, moved);
    change({ levels: after });
  };
  const add = () => {
    const title = `Level ${levels.length + 1}`;
    change({ levels: [...levels, { name: slugOf(title), title }] });
  };
  return (
    <section className="stack-4 form">
      <SectionHead title="Levels" aside="The lowest first; each asks for everything below it as well" />
      <ol className="stack">
        {levels.map((level, at) => {
          const error = errors[`levels.${at}.title`] ?? errors[`levels.${at}.name`];
          return (
            <li key={at} className="stack">
              <div className="line">
                <input
                  className="input"
                  aria-label={`Title of level ${at + 1}`}
                  aria-invalid={error ? true : undefined}
                  value={level.title}
                  onChange={(event) => rename(at, event.target.value)}
                  autoComplete="off"
                />
                <Button variant="icon" aria-label={`Move ${level.title} nearer to the first`} aria-disabled={at === 0 || undefined} onClick={() => at > 0 && move(at, -1)}>
                  <ArrowUp className="i" aria-hidden />
                </Button>
                <Button
                  variant="icon"
                  aria-label={`Move ${level.title} nearer to the last`}
                  aria-disabled={at === levels.length - 1 || undefined}
                  onClick={() => at < levels.length - 1 && move(at, 1)}
                >
                  <ArrowDown className="i" aria-hidden />
                </Button>
                <Button variant="icon" aria-label={`Remove level ${level.title}`} onClick={() => change({ levels: levels.filter((_, index) => index !== at) })}>
                  <X className="i" aria-hidden />
                </Button>
              </div>
              {error ? (
                <span className="t-danger caption" role="alert">
                  {error}
                </span>
              ) : null}
            </li>
          );
        })}
      </ol>
      {levels.length < MAX_LEVELS ? (
        <div>
          <Button size="sm" onClick={add}>
            Add level
          </Button>
        </div>
      ) : null}
    </section>
  );
}
