import { cleanLine } from "./terminal";

/** Rows as lines with columns of equal width; the last one is left ragged. */
export function columns(rows: string[][], indent = ""): string[] {
  const cells = rows.map((row) => row.map(cleanLine));
  const widths: number[] = [];
  for (const row of cells) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return cells.map(
    (row) =>
      indent +
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
  );
}

/** Facts as lines; those without a value are left out. */
export function factLines(facts: Record<string, string | null | undefined>, indent = ""): string[] {
  const rows = Object.entries(facts).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return columns(rows, indent);
}
