import { type SQL, sql } from "drizzle-orm";
import type { EntityLink } from "./contract";
import { isPlainObject } from "./import/draft";
import { safeLink } from "./import/metadata";

// Who is called when it burns, as annotations of other portals and our own say it. Only addresses that can be opened are taken.

const ID = /^[\w-]{1,100}$/;
/** Annotation → address. Where the tool's own address needs the company's subdomain, its general one leads there. */
const KNOWN: [annotation: string, title: string, url: (value: string) => string | null][] = [
  ["waymark.dev/on-call", "Schedule", (value) => value],
  ["pagerduty.com/service-id", "PagerDuty", (value) => (ID.test(value) ? `https://app.pagerduty.com/service-directory/${value}` : null)],
  ["opsgenie.com/service-id", "Opsgenie", (value) => (ID.test(value) ? `https://app.opsgenie.com/service/${value}` : null)],
  ["incident.io/dashboard", "incident.io", (value) => value],
  ["grafana/oncall-url", "Grafana OnCall", (value) => value],
];
const TITLE = /on[\s-]?call|pager|rota\b|opsgenie/i;

/** On-call links of a document: of its annotations, and those of its links that say so. At most 5. */
export function onCallOf(definition: Record<string, unknown>, links: EntityLink[]): EntityLink[] {
  const metadata = isPlainObject(definition.metadata) ? definition.metadata : {};
  const annotations = isPlainObject(metadata.annotations) ? metadata.annotations : {};
  const named = KNOWN.flatMap(([annotation, title, urlOf]) => {
    const value = annotations[annotation];
    const url = typeof value === "string" ? safeLink(urlOf(value.trim())) : null;
    return url ? [{ url, title }] : [];
  });
  const seen = new Set(named.map(({ url }) => url));
  return [...named, ...links.filter(({ url, title }) => TITLE.test(title) && !seen.has(url))].slice(0, 5);
}

/** Whether a document, given as jsonb, has an on-call link: the same in SQL, for many at once. */
export function hasOnCall(definition: SQL): SQL {
  const named = KNOWN.map(([annotation]) => annotation);
  const said = TITLE.source.replace("\\b", "\\y");
  return sql`(coalesce(jsonb_exists_any(${definition} #> '{metadata,annotations}', ${sql.param(named)}::text[]), false)
    or exists (select 1 from jsonb_path_query(${definition}, '$.metadata.links[*]') link where link ->> 'title' ~* ${said}))`;
}
