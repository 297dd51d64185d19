import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { entityHref, refName } from "@/lib/catalog/contract";
import { EFFORT_WORDS, type ResultRow } from "@/lib/scorecards/contract";
import { LevelMark } from "./level-badge";

interface Props {
  items: ResultRow[];
  caption: string;
  now: string;
  filtered: boolean;
  clearHref: string;
  empty: ReactNode;
  foot: ReactNode;
}

const MORE = 2;

/** Entities with their level, and the cheapest way to the next. */
export function ResultsTable({ items, caption, now, filtered, clearHref, empty, foot }: Props) {
  const columns = [
    { key: "name", title: "Entity" },
    { key: "level", title: "Level" },
    { key: "next", title: "Next check" },
    { key: "more", title: "Also missing", className: "desk-cell" },
    { key: "owner", title: "Owner", className: "desk-cell" },
    { key: "since", title: "At this level", className: "end desk-cell" },
  ];
  const rows = items.map((row) => {
    const [next, ...others] = row.missing;
    return {
      key: row.entityRef,
      cells: {
        name: (
          <Link className="name truncate block" href={entityHref(row.entityRef, "scorecard")} title={row.entityRef}>
            {row.title}
          </Link>
        ),
        level: <LevelMark level={row.level} />,
        next: next ? (
          <span className="block truncate" title={next.title}>
            {next.title} <span className="muted">{next.state === "unknown" ? "not known" : EFFORT_WORDS[next.effort]}</span>
          </span>
        ) : (
          <span className="muted">Everything passes</span>
        ),
        more: others.length ? (
          <span className="muted block truncate" title={others.map(({ title }) => title).join(", ")}>
            {others
              .slice(0, MORE)
              .map(({ title }) => title)
              .join(", ")}
            {others.length > MORE ? ` and ${others.length - MORE} more` : ""}
          </span>
        ) : null,
        owner: row.ownerRef ? <Link href={entityHref(row.ownerRef)}>{refName(row.ownerRef)}</Link> : null,
        since: <Time at={row.levelSince} now={now} />,
      },
    };
  });
  const nothing = filtered ? (
    <Empty title="No entity fits these filters" action={<LinkButton href={clearHref}>Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    empty
  );
  return <Table caption={caption} columns={columns} rows={rows} empty={nothing} foot={foot} />;
}
