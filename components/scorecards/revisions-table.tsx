import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ScorecardForEdit } from "@/lib/scorecards/contract";

/** Every revision with who saved it and why; an earlier one can be opened in the editor. */
export function RevisionsTable({ card, now }: { card: ScorecardForEdit; now: string }) {
  const columns = [
    { key: "revision", title: "Revision" },
    { key: "note", title: "What changed" },
    { key: "checks", title: "Checks", align: "end" as const },
    { key: "by", title: "Saved by", className: "desk-cell" },
    { key: "at", title: "When" },
    { key: "open", title: <span className="sr">Open</span>, className: "end" },
  ];
  const rows = card.revisions.map((one) => ({
    key: String(one.revision),
    cells: {
      revision: (
        <span className="line">
          <span className="strong">{one.revision}</span>
          {one.revision === card.revision ? <span className="badge">Current</span> : null}
        </span>
      ),
      note: one.note || null,
      checks: one.definition.checks.length,
      by: one.savedBy ?? "Waymark",
      at: <Time at={one.savedAt} now={now} />,
      open:
        one.revision === card.revision ? null : (
          <LinkButton size="sm" href={`/admin/scorecards/${card.name}?revision=${one.revision}`} aria-label={`Open revision ${one.revision} in the editor`}>
            Open in editor
          </LinkButton>
        ),
    },
  }));
  return <Table caption={`Revisions of ${card.definition.title}`} columns={columns} rows={rows} empty={<Empty title="No revisions">Every save is kept here.</Empty>} />;
}
