import { LinkButton } from "./button";
import { Empty } from "./empty";
import { Table } from "./table";
import { Time } from "./time";

interface Revision {
  revision: number;
  note: string;
  savedBy: string | null;
  savedAt: string;
}

interface Props<R extends Revision> {
  /** Whose they are. */
  title: string;
  current: number;
  revisions: R[];
  now: string;
  /** One figure or word of each. */
  what: { title: string; align?: "end"; of: (revision: R) => React.ReactNode };
  hrefOf: (revision: number) => string;
}

/** Every revision with who saved it and why; an earlier one can be opened in the editor, where saving makes it the newest. */
export function RevisionsTable<R extends Revision>({ title, current, revisions, now, what, hrefOf }: Props<R>) {
  const columns = [
    { key: "revision", title: "Revision" },
    { key: "note", title: "What changed" },
    { key: "what", title: what.title, ...(what.align ? { align: what.align } : {}) },
    { key: "by", title: "Saved by", className: "desk-cell" },
    { key: "at", title: "When" },
    { key: "open", title: <span className="sr">Open</span>, className: "end" },
  ];
  const rows = revisions.map((one) => ({
    key: String(one.revision),
    cells: {
      revision: (
        <span className="line">
          <span className="strong">{one.revision}</span>
          {one.revision === current ? <span className="badge">Current</span> : null}
        </span>
      ),
      note: one.note || null,
      what: what.of(one),
      by: one.savedBy ?? "Waymark",
      at: <Time at={one.savedAt} now={now} />,
      open:
        one.revision === current ? null : (
          <LinkButton size="sm" href={hrefOf(one.revision)} aria-label={`Open revision ${one.revision} in the editor`}>
            Open in editor
          </LinkButton>
        ),
    },
  }));
  return <Table caption={`Revisions of ${title}`} columns={columns} rows={rows} empty={<Empty title="No revisions">Every save is kept here.</Empty>} />;
}
