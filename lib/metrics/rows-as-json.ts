/** Rows as the JSON of a parameter, without what Postgres cannot keep: NUL, and half of a character where a text was cut or sent so. */
export function rowsAsJson(rows: unknown[]): string {
  const text = JSON.stringify(rows);
  // Both are escaped in JSON; texts that only speak of such an escape pass through the replacer unchanged.
  if (!text.includes("\\ud") && !text.includes("\\u0000")) return text;
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === "string" ? value.replaceAll("\u0000", "").replace(/\p{Surrogate}/gu, "") : value));
}
