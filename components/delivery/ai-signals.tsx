import { Empty } from "@/components/ui/empty";
import { SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import type { AiRow, AiSignalsView } from "@/lib/metrics/contract";
import { lead, windowWords } from "./words";

const CLASS_WORDS = { authored: "AI-authored", assisted: "AI-assisted", none: "No AI signal" };
const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const times = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)}×`;

/** Three classes of changes with what they have in common, its limits beside it, and the signals that tell them apart. */
export function AiSignals({ view }: { view: AiSignalsView }) {
  const { rows, months, insufficient, limits, signals, failures, needed } = view;
  return (
    <div className="stack-8">
      <section>
        <SectionHead title="Changes by class" aside={windowWords(view.window)} />
        {insufficient ? (
          <Empty title="Nothing can be said">{insufficient}</Empty>
        ) : (
          <Table
            caption="Changes by class"
            columns={CLASS_COLUMNS}
            rows={rows.map((row) => ({ key: row.class, cells: cellsOf(row, failures, needed) }))}
            foot={<span>Per service and team, never per person. Failures are the deployments that needed repair, each split in equal parts among its changes.</span>}
          />
        )}
        <ul className="stack-2 mt-4 muted">
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </section>
      {insufficient ? null : <PullRequests view={view} />}
      {months.length ? (
        <section>
          <SectionHead title="Share with a signal, by month" aside="a lower bound" />
          <Table
            caption="Share of changes with an AI signal by month"
            columns={MONTH_COLUMNS}
            rows={[...months].reverse().map(({ month, changes, share }) => ({
              key: month,
              cells: { month, changes, share: share === null ? <span className="muted">Too few people</span> : percent(share) },
            }))}
          />
        </section>
      ) : null}
      <section>
        <SectionHead title="Signals" aside="the first class that fits holds; authored before assisted" />
        <Table
          caption="Signals"
          columns={SIGNAL_COLUMNS}
          rows={signals.map((one) => ({
            key: `${one.field} ${one.pattern}`,
            cells: {
              tool: one.tool,
              class: CLASS_WORDS[one.class],
              where: one.field === "author" ? "Author" : "Line of the message",
              pattern: <span className="mono break-all">{one.pattern}</span>,
            },
          }))}
        />
      </section>
    </div>
  );
}

/** The same by pull request, for the changes that came by one. */
function PullRequests({ view: { pullRequests, failures, needed } }: { view: AiSignalsView }) {
  if (!pullRequests) {
    return (
      <section>
        <SectionHead title="Pull requests by class" />
        <p className="muted">
          No change of this period came by a pull request that is known here. They come with GitHub's webhooks, with Load history, or by POST /api/v1/pull-requests.
        </p>
      </section>
    );
  }
  const { changes, rows } = pullRequests;
  return (
    <section>
      <SectionHead title="Pull requests by class" aside={`${changes.toLocaleString("en-GB")} changes came by one`} />
      <Table
        caption="Pull requests by class"
        columns={CLASS_COLUMNS.map((column) => (column.key === "changes" ? { ...column, title: "Pull requests" } : column))}
        rows={rows.map((row) => ({ key: row.class, cells: cellsOf(row, failures, needed) }))}
        foot={<span>The strongest signal among its changes is that of a pull request. Its lead time is that of its oldest change, its failures are those of all of them.</span>}
      />
    </section>
  );
}

const CLASS_COLUMNS = [
  { key: "class", title: "Class" },
  { key: "changes", title: "Changes", align: "end" as const },
  { key: "share", title: "Share", align: "end" as const },
  { key: "lead", title: "Lead time, median", align: "end" as const, className: "desk-cell" },
  { key: "failures", title: "Failures per 100", align: "end" as const },
  { key: "ratio", title: "Against no AI signal, 95 % interval", className: "wide-cell" },
];
const MONTH_COLUMNS = [
  { key: "month", title: "Month" },
  { key: "changes", title: "Changes", align: "end" as const },
  { key: "share", title: "With a signal", align: "end" as const },
];
const SIGNAL_COLUMNS = [
  { key: "tool", title: "Tool" },
  { key: "class", title: "Class" },
  { key: "where", title: "Where", className: "desk-cell" },
  { key: "pattern", title: "Pattern", className: "wide-cell" },
];

function cellsOf(row: AiRow, failures: number, needed: number) {
  const { share, leadTime, failuresPer100, withheld } = row;
  return {
    class: <span className="strong">{CLASS_WORDS[row.class]}</span>,
    changes: row.changes.toLocaleString("en-GB"),
    share: share === null ? null : percent(share),
    lead: leadTime === null ? null : lead(leadTime),
    failures: failuresPer100 === null ? null : failuresPer100.toFixed(1),
    ratio: <span className="muted whitespace-normal">{withheld ?? ratioWords(row, failures, needed)}</span>,
  };
}

function ratioWords({ class: of, ratio, changes }: AiRow, failures: number, needed: number): string {
  if (of === "none") return "What the others are compared with";
  if (!ratio) return changes === 0 ? "No such change" : `Not compared: at least ${needed} failures are needed, there were ${failures} in all.`;
  const { value, low, high } = ratio;
  return `${times(value)} as often, ${times(low)} to ${times(high)}${low <= 1 && high >= 1 ? ": within chance" : ""}`;
}
