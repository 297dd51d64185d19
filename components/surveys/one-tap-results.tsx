import { SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { ONE_TAP, type OneTapMonth } from "@/lib/surveys/contract";
import { withheld } from "./words";

const MONTHS = 12;

/** What people said after runs, by month; a month appears when it is closed. */
export function OneTapResults({ months, group }: { months: OneTapMonth[]; group: string }) {
  const rows = months.slice(0, MONTHS).map(({ survey, title, cell }) => {
    const share = (value: string, label: string) =>
      cell?.counts && cell.n ? (
        <span>
          {Math.round((100 * (cell.counts[value] ?? 0)) / cell.n)} % <span className="muted md:hidden">{label.toLowerCase()}</span>
        </span>
      ) : undefined;
    const shown = { answers: cell?.n, ...Object.fromEntries(ONE_TAP.options.map(({ value, label }) => [value, share(value, label)])) };
    const why = <span className="muted">{cell ? withheld(cell, ONE_TAP) : "Not asked"}</span>;
    return { key: survey, cells: { month: title, ...(cell?.counts ? shown : { answers: why }) }, ...(cell?.counts ? {} : { spans: { answers: 1 + ONE_TAP.options.length } }) };
  });
  const columns = [
    { key: "month", title: "Month" },
    { key: "answers", title: "Answers", align: "end" as const },
    ...ONE_TAP.options.map(({ value, label }) => ({ key: value, title: label, align: "end" as const })),
  ];
  return (
    <section>
      <SectionHead title={`After a run: ${ONE_TAP.text}`} aside={`${group}, by month; each person at most once in 14 days`} />
      {rows.length ? <Table caption="Clear outcomes by month" columns={columns} rows={rows} /> : <p className="muted">No month has closed yet.</p>}
    </section>
  );
}
