// What spreadsheets take for the beginning of a formula, full-width forms included.
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@|\t\r\n\uff1d\uff0b\uff0d\uff20\uff5c]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

function cell(value: string | null): string {
  if (value === null) return "";
  const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of an RFC 4180 file; cells that a spreadsheet would run as a formula get a leading apostrophe. */
export function csvLine(values: (string | null)[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** The lines of an RFC 4180 file with the number each begins at; quotes may span lines, empty lines are left out, a byte order mark too. */
export function parseCsv(text: string): { line: number; cells: string[] }[] {
  const source = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const found: { line: number; cells: string[] }[] = [];
  let line = 1;
  let current = { line, cells: [] as string[] };
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at <= source.length; at++) {
    const sign = source[at];
    if (sign === "\n") line += 1;
    if (isQuoted && sign !== undefined) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') cell += source[++at];
      else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "," || sign === "\n" || sign === undefined) {
      current.cells.push(cell);
      cell = "";
      if (sign === ",") continue;
      if (current.cells.some((one) => one.trim() !== "")) found.push(current);
      current = { line, cells: [] };
    } else cell += sign;
  }
  return found;
}
