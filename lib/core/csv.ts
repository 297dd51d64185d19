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
