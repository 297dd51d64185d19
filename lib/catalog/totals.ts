import { count, type SQL } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";

// Counting tens of thousands costs more than reading the page that they are told beside. Such a total may be a second old.

const LARGE = 5_000;
const KEPT_MS = 1_000;
const MOST_KEPT = 200;

const kept = new Map<string, { total: number; until: number }>();

/** How many entities a condition fits; where that is more than 5,000, as of the last second. */
export async function countEntities(on: Connection, where: SQL | undefined): Promise<number> {
  const query = on.select({ n: count() }).from(entities).where(where);
  const { sql, params } = query.toSQL();
  const key = JSON.stringify([sql, params]);
  const now = performance.now();
  const known = kept.get(key);
  if (known && known.until > now) return known.total;
  const [row] = await query;
  const total = row?.n ?? 0;
  kept.delete(key);
  if (total < LARGE) return total;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, { total, until: now + KEPT_MS });
  return total;
}
