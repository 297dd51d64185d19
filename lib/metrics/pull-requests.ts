import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { PullRequestFact } from "./facts";
import { askForRollUp } from "./record";
import { rowsAsJson } from "./rows-as-json";

const COLUMNS = sql`repository text, number integer, title text, state text, author text, opened_at timestamptz, merged_at timestamptz, closed_at timestamptz, merge_commit text, first_authored_at timestamptz`;

/** Keeps pull requests under (repository, number); a merged one stays merged whatever arrives later. */
export async function recordPullRequests(tx: Tx, facts: PullRequestFact[], now: Date): Promise<void> {
  const rows = new Map(facts.map((fact) => [`${fact.repository} ${fact.number}`, pullRequestRow(fact)]));
  const given = sql`jsonb_to_recordset(${rowsAsJson([...rows.values()])}::jsonb) as f(${COLUMNS})`;
  const marked = await tx.execute(sql`
    insert into delivery_dirty (service, is_demo, since)
    select h.service, h.is_demo, min(h.deployed_at) from ${given}
      left join delivery_pull_requests p on p.repository = f.repository and p.number = f.number
      join delivery_changes h on h.repository = f.repository and h.sha = f.merge_commit
    where f.first_authored_at is not null and p.first_authored_at is distinct from f.first_authored_at group by 1, 2 order by 1, 2 returning service`);
  await tx.execute(sql`
    insert into delivery_pull_requests as p (repository, number, title, state, author, opened_at, merged_at, closed_at, merge_commit, first_authored_at, received_at)
    select f.*, ${now.toISOString()}::timestamptz from ${given}
    on conflict (repository, number) do update set title = excluded.title, state = case when p.state = 'merged' then p.state else excluded.state end, author = excluded.author,
      opened_at = excluded.opened_at, merged_at = coalesce(excluded.merged_at, p.merged_at), closed_at = coalesce(excluded.closed_at, p.closed_at),
      merge_commit = coalesce(excluded.merge_commit, p.merge_commit), first_authored_at = coalesce(excluded.first_authored_at, p.first_authored_at), received_at = excluded.received_at`);
  if (marked.length > 0) await askForRollUp(tx);
}

function pullRequestRow(fact: PullRequestFact) {
  return {
    repository: fact.repository.toLowerCase(),
    number: fact.number,
    title: fact.title,
    state: fact.state,
    author: fact.author,
    opened_at: fact.openedAt.toISOString(),
    merged_at: fact.mergedAt?.toISOString() ?? null,
    closed_at: fact.closedAt?.toISOString() ?? null,
    merge_commit: fact.mergeCommit?.toLowerCase() ?? null,
    first_authored_at: fact.firstAuthoredAt?.toISOString() ?? null,
  };
}
