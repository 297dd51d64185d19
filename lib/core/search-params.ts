/** The value if it is one of those allowed; addresses are typed by people and are never trusted. */
export function pick<T extends string>(value: string | string[] | undefined, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value);
}

/** The text of an address' parameter: trimmed, of at most 200 characters; undefined when it is empty, missing or given twice. */
export function text(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value.trim().slice(0, 200) || undefined : undefined;
}
