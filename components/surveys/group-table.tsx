import { EyeOff } from "lucide-react";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { type GroupResult, TEAM_SCORE_ANSWERS, THIN_RESPONSE } from "@/lib/surveys/contract";
import { BandBar } from "./bands";
import { interval, signed, withheld } from "./words";

function shownCells(group: GroupResult) {
  const { score } = group.cells;
  const thin = (score.n ?? 0) / Math.max(1, group.asked) < THIN_RESPONSE;
  return {
    answers: <span className={thin ? "muted" : undefined}>{score.n}</span>,
    rate: <span className="muted">{Math.round((100 * (score.n ?? 0)) / Math.max(1, group.asked))} %</span>,
    bands: score.counts ? <BandBar counts={group.quarter?.counts ?? score.counts} /> : null,
    nps: group.nps ? <span className={thin ? "muted" : "strong"}>{signed(group.nps.value)}</span> : null,
    interval: (
      <span className="muted">
        {group.nps
          ? `${interval(group.nps)}${thin ? ", few answered" : ""}`
          : `${group.quarter && group.quarter.months > 1 ? `Bands of the quarter, ${group.quarter.n} answers` : "Bands only"}: a score needs ${TEAM_SCORE_ANSWERS}`}
      </span>
    ),
  };
}

function withheldCells(group: GroupResult) {
  const { score } = group.cells;
  return {
    bands: (
      <span className="line muted">
        <EyeOff className="i i-sm" aria-hidden />
        {withheld(score)}
      </span>
    ),
  };
}

/** The groups that the reader may see, as the organisation stood when the survey opened. */
export function GroupTable({ groups, selected, href, total }: { groups: GroupResult[]; selected: string; href: (node: string) => string; total: string }) {
  const rows = groups.map((group) => ({
    key: group.node.id,
    selected: group.node.id === selected,
    ...(group.cells.score.state === "shown" ? {} : { spans: { bands: 3 } }),
    cells: {
      group: (
        <Link className={group.node.depth < 2 ? "name" : undefined} style={{ paddingLeft: group.node.depth * 16 }} href={href(group.node.id)} scroll={false}>
          {group.node.title}
        </Link>
      ),
      asked: <span className="muted">{group.asked}</span>,
      ...(group.cells.score.state === "shown" ? shownCells(group) : withheldCells(group)),
    },
  }));
  const columns = [
    { key: "group", title: "Group" },
    { key: "answers", title: "Answers", align: "end" as const },
    { key: "asked", title: "Asked", align: "end" as const, className: "desk-cell" },
    { key: "rate", title: "Answered", align: "end" as const, className: "desk-cell" },
    { key: "bands", title: "Bands", className: "w-bands" },
    { key: "nps", title: "NPS", align: "end" as const },
    { key: "interval", title: "95 % interval" },
  ];
  return <Table caption="NPS by group" columns={columns} rows={rows} foot={<span>{total}</span>} />;
}
