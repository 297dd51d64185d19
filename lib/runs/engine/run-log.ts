import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import type { LogLevel } from "../contract";
import { LostRun } from "./lease";
import type { Masker } from "./mask";

const FLUSH_MS = 100;
const FLUSH_LINES = 500;
const MAX_LINE_CHARS = 8_192;

interface Pending {
  atMs: number;
  step: string | null;
  level: LogLevel;
  text: string;
}

export interface RunLog {
  write(text: string, level: LogLevel, step: string | null): void;
  /** Resolves when everything written so far is stored. Throws LostRun when another worker holds the run. */
  flush(): Promise<void>;
}

/** Collects lines and stores them in order, at least every 100 ms, only while the fence holds. */
export function openRunLog(db: Database, run: { id: string; fence: number }, masker: Masker, onLost: (error: unknown) => void): RunLog {
  let pending: Pending[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const clock = () => performance.timeOrigin + performance.now();

  const store = async () => {
    const lines = pending;
    pending = [];
    if (lines.length === 0) return;
    const rows = JSON.stringify(lines.map((line) => ({ at: new Date(line.atMs).toISOString(), step: line.step, level: line.level, text: line.text })));
    const stored = await db.execute(sql`
      with lease as (
        update runs set last_seq = last_seq + ${lines.length}, masked_secrets = greatest(masked_secrets, ${masker.count()})
        where id = ${run.id} and fence = ${run.fence} and status = 'running' returning last_seq - ${lines.length} as base
      ), written as (
        insert into run_log_lines (run_id, seq, at, step, level, text)
        select ${run.id}, lease.base + line.nr, (line.value->>'at')::timestamptz, line.value->>'step', line.value->>'level', line.value->>'text'
        from lease, json_array_elements(${rows}::json) with ordinality as line(value, nr) returning 1
      ) select pg_notify('waymark_run', ${run.id}), count(*)::int as n from written having count(*) > 0`);
    if (stored.length === 0) throw new LostRun();
  };

  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    const next = writing.then(store);
    writing = next.catch(() => {});
    return next;
  };

  return {
    write(text, level, step) {
      for (const line of text.split("\n")) {
        const clean = masker.apply(line).replaceAll("\u0000", "�");
        pending.push({ atMs: clock(), step, level, text: clean.length > MAX_LINE_CHARS ? `${clean.slice(0, MAX_LINE_CHARS)}…` : clean });
      }
      if (pending.length >= FLUSH_LINES) flush().catch(onLost);
      else timer ??= setTimeout(() => flush().catch(onLost), FLUSH_MS);
    },
    flush,
  };
}
