import { sqlClient } from "@/db/client";
import { DomainError } from "../errors";

/** Counts one attempt in a fixed window shared by all replicas. Throws rate_limited, with the seconds to wait, after `limit` in `windowSeconds`. */
export async function limitRate(key: string, limit: number, windowSeconds: number): Promise<void> {
  const [row] = await sqlClient()<{ points: number; wait: number }[]>`
    insert into rate_limits (key, points, window_ends_at) values (${key}, 1, now() + ${windowSeconds} * interval '1 second')
    on conflict (key) do update set
      points = case when rate_limits.window_ends_at <= now() then 1 else rate_limits.points + 1 end,
      window_ends_at = case when rate_limits.window_ends_at <= now() then excluded.window_ends_at else rate_limits.window_ends_at end
    returning points, ceil(extract(epoch from window_ends_at - now()))::int as wait`;
  // The end is stored in whole milliseconds, which may round it up.
  if (row && row.points > limit) throw tooMany(Math.min(row.wait, windowSeconds));
}

/** Throws rate_limited when `limit` attempts were counted already; counts nothing itself. For limits on failures alone. */
export async function refuseOver(key: string, limit: number): Promise<void> {
  const [row] = await sqlClient()<{ points: number; wait: number }[]>`
    select points, ceil(extract(epoch from window_ends_at - now()))::int as wait from rate_limits where key = ${key} and window_ends_at > now()`;
  if (row && row.points >= limit) throw tooMany(row.wait);
}

const tooMany = (wait: number) => new DomainError("rate_limited", `Too many attempts. Wait ${wait} s and try again.`, { retryAfterSeconds: Math.max(1, wait) });
