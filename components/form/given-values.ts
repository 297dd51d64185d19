import { asSchema, type Schema } from "@/lib/core/schema-messages";

/** The values that say something: neither empty nor what the form would answer by itself. */
export function givenValues(pages: Schema[], values: Record<string, unknown>): Record<string, unknown> {
  const defaults = new Map(pages.flatMap((page) => Object.entries(asSchema(page.properties)).map(([name, property]) => [name, asSchema(property).default] as const)));
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !isEmpty(value) && JSON.stringify(value) !== JSON.stringify(defaults.get(name))));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0) || (typeof value === "object" && Object.keys(value).length === 0);
}

/** `--set` arguments for a shell, quoted where needed. */
export function setArguments(values: Record<string, unknown>): string[] {
  return Object.entries(values).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `--set ${/^[\w.:/@-]+$/.test(`${name}${text}`) ? `${name}=${text}` : `'${`${name}=${text}`.replaceAll("'", "'\\''")}'`}`;
  });
}
