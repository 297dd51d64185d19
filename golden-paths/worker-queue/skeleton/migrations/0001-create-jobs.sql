create table jobs (
  id bigint generated always as identity primary key,
  kind text not null check (length(kind) between 1 and 100),
  payload jsonb not null default '{}',
  -- The same key is not added twice while the first one waits or runs.
  key text,
  run_at timestamptz not null default now(),
  attempts integer not null default 0,
  -- Until then the job belongs to the process that took it; a process that died loses it.
  held_until timestamptz,
  result jsonb,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'failed'))
);
create index jobs_next on jobs (run_at, id) where status = 'waiting';
create unique index jobs_key on jobs (key) where status = 'waiting';
