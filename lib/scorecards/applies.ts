import { type SQL, sql } from "drizzle-orm";
import type { AppliesTo } from "./contract";

const anyOf = (column: SQL, wanted: string[]): SQL => (wanted.length ? sql`${column} = any(${sql.param(wanted)}::text[])` : sql`true`);

/** The entities (as `e`) that a scorecard is about. */
export function appliesSql({ kinds, types, lifecycles, tags }: AppliesTo): SQL {
  const kindsLower = kinds.map((kind) => kind.toLowerCase());
  return sql`${anyOf(sql`e.kind`, kindsLower)} and ${anyOf(sql`e.type`, types)} and ${anyOf(sql`e.lifecycle`, lifecycles)} and ${tags.length ? sql`e.tags && ${sql.param(tags)}::text[]` : sql`true`} and e.gone_at is null`;
}
