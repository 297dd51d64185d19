import type { GithubClient } from "./client";
import { GithubFailure } from "./failure";

// GitHub counts the requests of a connection, whoever makes them, and says with each answer how many are left. What runs by
// itself stops before the rest is gone, so that a person who creates a service or deploys is never the one who waits.

/** The share of the hourly limit that is kept for what people ask for. */
const RESERVE = 0.2;

/** The same client for work that nobody waits for. Its calls throw GithubFailure `rate-limited` once only the reserve is left. */
export function backgroundClient(client: GithubClient): GithubClient {
  let seen: { limit: number; remaining: number; resetAt: Date } | null = null;
  const note = (headers: Record<string, string | number | undefined>) => {
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) => Number(headers[`x-ratelimit-${name}`]));
    if (limit && reset && Number.isFinite(remaining)) seen = { limit, remaining: remaining ?? 0, resetAt: new Date(reset * 1000) };
  };
  return {
    ...client,
    async call(doing, request) {
      // Asking for the limit is free, and what other replicas used is in it.
      if (!seen) note((await client.call("tell the rate limit", (rest) => rest.rateLimit.get())).headers);
      if (seen && seen.remaining <= seen.limit * RESERVE) throw reserved(seen);
      const answer = await client.call(doing, request);
      note(answer.headers);
      return answer;
    },
  };
}

function reserved({ limit, remaining, resetAt }: { limit: number; remaining: number; resetAt: Date }): GithubFailure {
  const until = `${resetAt.toISOString().slice(11, 16)} UTC`;
  return new GithubFailure({
    problem: "rate-limited",
    cause: `${remaining} of ${limit} requests of this hour are left at GitHub, and those are kept for people.`,
    whoCanFix: "you",
    nextAction: `It goes on by itself at ${until}.`,
    retryAt: resetAt,
  });
}
