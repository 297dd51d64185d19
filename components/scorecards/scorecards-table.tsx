import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ScorecardSummary } from "@/lib/scorecards/contract";
import { LevelBar } from "./level-bar";
import { distributionWords } from "./words";

/** How many have reached at least the first level, and how that changed. */
function reached({ distribution, before }: ScorecardSummary): { share: number | null; change: number | null } {
  const shareOf = (counts: number[] | null) => {
    const total = (counts ?? []).reduce((sum, n) => sum + n, 0);
    return counts && total > 0 ? (total - (counts[0] ?? 0)) / total : null;
  };
  const [share, past] = [shareOf(distribution), shareOf(before)];
  return { share, change: share === null || past === null ? null : Math.round(100 * (share - past)) };
}

/** Scorecards with how entities are spread over their levels. */
export function ScorecardsTable({ items, now, empty }: { items: ScorecardSummary[]; now: string; empty: ReactNode }) {
  const columns = [
    { key: "name", title: "Scorecard" },
    { key: "levels", title: "Levels" },
    { key: "share", title: "At a level", align: "end" as const },
    { key: "change", title: "In 4 weeks", align: "end" as const, className: "desk-cell" },
    { key: "checks", title: "Checks", align: "end" as const, className: "desk-cell" },
    { key: "at", title: "Evaluated", className: "desk-cell" },
  ];
  const rows = items.map((card) => {
    const { share, change } = reached(card);
    return {
      key: card.name,
      cells: {
        name: (
          <span className="block entity-cell">
            <Link className="name block truncate" href={`/scorecards/${card.name}`}>
              {card.title}
            </Link>
            <span className="muted block truncate" title={card.description}>
              {card.description || `${card.entities} entities`}
            </span>
          </span>
        ),
        levels: card.evaluatedAt ? (
          card.entities > 0 ? (
            <span className="block">
              <LevelBar {...card} />
              <span className="caption block truncate">{distributionWords(card)}</span>
            </span>
          ) : (
            <span className="muted">Applies to nothing yet</span>
          )
        ) : (
          <span className="muted">Being evaluated</span>
        ),
        share: share === null ? null : <span className="nowrap">{Math.round(100 * share)} %</span>,
        change:
          change === null ? null : change === 0 ? (
            <span className="muted nowrap">the same</span>
          ) : (
            <span className="nowrap">{`${change > 0 ? "+" : "−"}${Math.abs(change)} points`}</span>
          ),
        checks: card.checks,
        at: card.evaluatedAt ? <Time at={card.evaluatedAt} now={now} /> : null,
      },
    };
  });
  return <Table twoLines caption="Scorecards" columns={columns} rows={rows} empty={empty} />;
}
