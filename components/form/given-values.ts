import { asSchema, type Schema } from "@/lib/core/schema-messages";
import { questionTypes } from "@/lib/core/text-answers";

/** What was answered of what these pages ask, also of questions that come only with certain answers. */
export function askedValues(pages: Schema[], values: Record<string, unknown>): Record<string, unknown> {
  const asked = questionTypes(pages);
  return Object.fromEntries(Object.entries(givenValues(pages, values)).filter(([name]) => asked.has(name)));
}

/** The values that say something: neither empty nor what the form would answer by itself. */
export function givenValues(pages: Schema[], values: Record<string, unknown>): Record<string, unknown> {
  const defaults = new Map(pages.flatMap((page) => Object.entries(asSchema(page.properties)).map(([name, property]) => [name, asSchema(property).default] as const)));
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !isEmpty(value) && JSON.stringify(value) !== JSON.stringify(defaults.get(name))));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0) || (typeof value === "object" && Object.keys(value).length === 0);
}

/** `--set` arguments for a shell, quoted where needed. Secrets are left to variables of the shell, so that they are neither shown nor copied. */
export function setArguments(values: Record<string, unknown>, secrets: string[] = []): string[] {
  return Object.entries(values).map(([name, value]) => {
    if (secrets.includes(name)) return `--set ${name}="$${name.replace(/\W/g, "_").toUpperCase()}"`;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `--set ${/^[\w.:/@-]+$/.test(`${name}${text}`) ? `${name}=${text}` : `'${`${name}=${text}`.replaceAll("'", "'\\''")}'`}`;
  });
}
