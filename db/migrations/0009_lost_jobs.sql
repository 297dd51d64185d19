ALTER TABLE "workers" ADD COLUMN "queue_ids" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
-- A lock in the queue under a name that no living worker goes by is a dead worker's: its jobs are free again.
CREATE FUNCTION release_lost_jobs(silent_seconds int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT j.locked_by))
  FROM graphile_worker.jobs j
  WHERE j.locked_at < now() - silent_seconds * interval '1 second' AND NOT EXISTS (
    SELECT 1 FROM workers w WHERE w.heartbeat_at > now() - silent_seconds * interval '1 second' AND j.locked_by = ANY (w.queue_ids))
  HAVING count(*) > 0
$$;
