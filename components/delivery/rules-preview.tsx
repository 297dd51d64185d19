import { Table } from "@/components/ui/table";
import { DEFINITIONS, type RulesPreview } from "@/lib/metrics/contract";
import { inUnit } from "./words";

/** The organisation's figures of twelve months by the rules that hold and by those being written. */
export function RulesPreviewTable({ preview }: { preview: RulesPreview }) {
  const columns = [
    { key: "metric", title: "12 months" },
    { key: "now", title: "Now", align: "end" as const },
    { key: "changed", title: "With these rules", align: "end" as const },
    { key: "n", title: "n", align: "end" as const },
  ];
  const rows = preview.figures.map(({ metric, unit, value, n, changed }) => ({
    key: metric,
    cells: {
      metric: DEFINITIONS[metric].title,
      now: inUnit(unit, value),
      changed: value === changed.value && n === changed.n ? <span className="muted">the same</span> : <span className="strong">{inUnit(unit, changed.value)}</span>,
      n: n === changed.n ? n : `${n} → ${changed.n}`,
    },
  }));
  return (
    <div className="stack-2">
      <Table caption="Figures of the organisation by these rules" columns={columns} rows={rows} />
      {preview.services < preview.of ? (
        <p className="caption">
          Worked out for {preview.services} of {preview.of} services; the others are shown as now.
        </p>
      ) : null}
    </div>
  );
}
