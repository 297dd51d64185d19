import type { ReactNode } from "react";

export interface Column {
  key: string;
  title: ReactNode;
  align?: "end";
  className?: string;
  /** Set on the column that the rows are ordered by. */
  sort?: "ascending" | "descending" | undefined;
}

export interface Row {
  key: string;
  cells: Record<string, ReactNode>;
  selected?: boolean;
  /** A cell that says one thing across itself and the columns after it. */
  spans?: Record<string, number>;
}

/** THE table. The first column is the name and the link; on a phone rows become cards. */
export function Table({
  caption,
  columns,
  rows,
  empty,
  foot,
  twoLines = false,
}: {
  caption: string;
  columns: Column[];
  rows: Row[];
  empty?: ReactNode;
  foot?: ReactNode;
  twoLines?: boolean;
}) {
  if (rows.length === 0 && empty) return <div className="table-wrap">{empty}</div>;
  return (
    <div className="table-wrap">
      <table className={twoLines ? "table cards two" : "table cards"}>
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" aria-sort={column.sort} className={[column.align === "end" ? "num" : "", column.className ?? ""].join(" ").trim() || undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-row aria-selected={row.selected || undefined}>
              {cellsOf(columns, row).map((column) => (
                <td key={column.key} colSpan={row.spans?.[column.key]} className={[column.align === "end" ? "num" : "", column.className ?? ""].join(" ").trim() || undefined}>
                  {row.cells[column.key] ?? <span className="muted is-none">—</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {foot ? <div className="table-foot">{foot}</div> : null}
    </div>
  );
}

/** The columns of a row without those that an earlier cell reaches over. */
function cellsOf(columns: Column[], { spans }: Row): Column[] {
  let covered = 0;
  return columns.filter((column) => {
    if (covered > 0) {
      covered -= 1;
      return false;
    }
    covered = (spans?.[column.key] ?? 1) - 1;
    return true;
  });
}
