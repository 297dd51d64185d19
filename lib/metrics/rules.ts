import { desc, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { deliveryRules } from "@/db/schema";
import type { Tier } from "./event-rows";
import { DEFAULT_RULES, Rules } from "./rules-shape";
import { tierOf } from "./tier";

/** The rules that hold, with their version; version 0 are those that Waymark ships. */
export async function readRules(on: Connection): Promise<{ version: number; rules: Rules }> {
  const [row] = await on.select().from(deliveryRules).orderBy(desc(deliveryRules.version)).limit(1);
  return row ? { version: row.version, rules: Rules.parse({ ...DEFAULT_RULES, ...(row.rules as object) }) } : { version: 0, rules: DEFAULT_RULES };
}

/** The tier of an environment that nobody named one for: by the rules, else by what its name says. */
export function tierBy(rules: Rules, environment: string): Tier {
  return rules.tiers.find((rule) => matcherOf([rule.environment])(environment))?.tier ?? tierOf(environment);
}

/** A test for texts that fit any of the patterns: `*` stands for anything, letters are compared without case, the whole text must fit. */
export function matcherOf(patterns: string[]): (text: string) => boolean {
  const all = patterns.map((pattern) => pattern.toLowerCase().split("*"));
  return (text) => all.some((parts) => fits(parts, text.toLowerCase()));
}

/** By hand: a pattern of a person must not become a regular expression. */
function fits(parts: string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** Compares a value with that which the derived tables were made with; after a change all services are marked. */
export async function markAllOnChange(tx: Tx, key: string, value: string): Promise<void> {
  const [known] = await tx.execute<{ value: string }>(sql`select value from delivery_state where key = ${key}`);
  if (known?.value === value) return;
  await tx.execute(sql`insert into delivery_state (key, value) values (${key}, ${value}) on conflict (key) do update set value = excluded.value`);
  if (known)
    await tx.execute(
      sql`insert into delivery_dirty (service, is_demo, since) select service, is_demo, min(finished_at) from delivery_deployments where tier = 'production' group by 1, 2`,
    );
}
