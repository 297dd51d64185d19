const HOLD_SECONDS = 60;
const MAX_ATTEMPTS = 5;
const CHANNEL = "jobs";

/**
 * Jobs in the database. A job is done at least once: it is taken by one process at a time, and by another one when that
 * process has not said for a minute that it still works on it. `attempts` tells a late answer from the current one.
 */
export function createQueue(pool) {
  return {
    channel: CHANNEL,
    /** Adds a job and wakes the workers. Null when one with the same key waits or runs already. `delayMs`: not before. */
    async add(kind, payload = {}, { key = null, delayMs = 0 } = {}) {
      const { rows } = await pool.query(
        `with added as (
           insert into jobs (kind, payload, key, run_at) values ($1, $2, $3, now() + make_interval(secs => $4))
           on conflict (key) where status = 'waiting' do nothing returning id
         ) select id, pg_notify('${CHANNEL}', '') from added`,
        [kind, JSON.stringify(payload), key, delayMs / 1000],
      );
      return rows[0]?.id ?? null;
    },
    /** The next job that is due, now held by the caller; null when there is none. */
    async take() {
      const { rows } = await pool.query(
        `update jobs set attempts = attempts + 1, held_until = now() + make_interval(secs => $1)
         where id = (select id from jobs where status = 'waiting' and run_at <= now() and (held_until is null or held_until < now())
                     order by run_at, id limit 1 for update skip locked)
         returning id, kind, payload, attempts`,
        [HOLD_SECONDS],
      );
      return rows[0] ?? null;
    },
    /** Says that the work goes on. False when the job belongs to another process by now. */
    hold: (job) => change(pool, job, "held_until = now() + make_interval(secs => $3)", HOLD_SECONDS),
    done: (job, result) => change(pool, job, "status = 'done', ended_at = now(), held_until = null, last_error = null, result = $3", JSON.stringify(result ?? null)),
    /** Lets the job wait for another attempt, each time twice as long, and gives it up after the fifth. */
    failed(job, message) {
      if (job.attempts >= MAX_ATTEMPTS) return change(pool, job, "status = 'failed', ended_at = now(), held_until = null, last_error = $3", message);
      return change(pool, job, "held_until = null, last_error = $3, run_at = now() + make_interval(secs => power(2, attempts))", message);
    },
    /** Gives a job back that was not finished, at no cost of an attempt. */
    release: (job) => change(pool, job, "held_until = null, attempts = attempts - $3", 1),
    /** The latest jobs, and how many there are of each status. */
    async overview() {
      const [{ rows: jobs }, { rows: counts }] = await Promise.all([
        pool.query(
          `select id, kind, payload, attempts, result, last_error as "lastError", created_at as "createdAt",
                  case when status = 'waiting' and held_until > now() then 'running' else status end as status
           from jobs order by id desc limit 50`,
        ),
        pool.query(
          `select count(*) filter (where status = 'waiting' and (held_until is null or held_until <= now()))::int as waiting,
                  count(*) filter (where status = 'waiting' and held_until > now())::int as running,
                  count(*) filter (where status = 'done')::int as done, count(*) filter (where status = 'failed')::int as failed,
                  coalesce(extract(epoch from now() - min(run_at) filter (where status = 'waiting' and run_at <= now())), 0)::float as "oldestWaitingSeconds"
           from jobs`,
        ),
      ]);
      return { jobs, counts: counts[0] };
    },
  };
}

async function change(pool, job, assignments, value) {
  const { rowCount } = await pool.query(`update jobs set ${assignments} where id = $1 and attempts = $2 and status = 'waiting'`, [job.id, job.attempts, value]);
  return rowCount === 1;
}
