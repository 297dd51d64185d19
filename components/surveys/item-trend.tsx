import { SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { type FiguresOfMonth, FOLLOWED_ITEMS, type ItemFigure } from "@/lib/surveys/contract";

const MONTHS = 12;
const TITLES: Record<string, string> = { hours: "Above 2 h a day on non-core work", concepts: "8 or more concepts in mind", outcome: "Clear feedback, 4 or 5 of 5" };

/** Hours, concepts and clear feedback of a group by month. Where the wording changed, a new series begins. */
export function ItemTrend({ months, group }: { months: FiguresOfMonth[]; group: string }) {
  const some = months.slice(-MONTHS);
  const rows = some
    .map(({ survey, title, k, figures }, place) => ({
      key: survey,
      cells: { month: title, ...Object.fromEntries(FOLLOWED_ITEMS.map((item) => [item, shown(item, k, figures[item], some[place - 1]?.figures[item])])) },
    }))
    .reverse();
  const columns = [{ key: "month", title: "Month" }, ...FOLLOWED_ITEMS.map((item) => ({ key: item, title: TITLES[item] ?? item, align: "end" as const }))];
  if (rows.length === 0) return null;
  return (
    <section>
      <SectionHead title="Month by month" aside={`${group}, share of those who gave an answer; a dash is withheld or was not asked`} />
      <Table caption="Hours, concepts and clear feedback by month" columns={columns} rows={rows} />
    </section>
  );
}

/** What a share is of, where a phone shows no column heads. */
const SHORT: Record<string, string> = { hours: "above 2 h", concepts: "8 concepts or more", outcome: "clear feedback" };

function shown(item: string, k: number, figure: ItemFigure | undefined, before: ItemFigure | undefined) {
  if (!figure || figure.n < k || figure.above === null) return undefined;
  const isNew = before !== undefined && before.version !== figure.version;
  return (
    <span>
      {Math.round(figure.above * 100)} % <span className="muted md:hidden">{SHORT[item]}</span>
      {isNew ? ", new wording" : ""}
    </span>
  );
}
